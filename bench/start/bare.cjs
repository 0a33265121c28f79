// The same as a CommonJS script: without what an `import` of `node:http` costs on Node 22.5 and newer.
const { createServer } = require("node:http");

createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end('{"message":"Hello you"}');
}).listen(Number(process.env.PORT));
