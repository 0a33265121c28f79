// What Node itself needs to answer a request: the measure of a cold start.
import { createServer } from "node:http";

createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end('{"message":"Hello you"}');
}).listen(Number(process.env.PORT));
