// A collector in a process of its own that counts spans and forgets them. It does not parse: it must never be what a sample waits for.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

const SPAN_START = Buffer.from('"traceId":"');
let spans = 0;
let bytes = 0;

function count(body) {
  for (let at = body.indexOf(SPAN_START); at !== -1; at = body.indexOf(SPAN_START, at + SPAN_START.length)) spans++;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    bytes += body.length;
    count(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    response.setHeader("content-type", "application/json").end("{}");
  });
});

process.on("message", (message) => {
  if (message === "count") process.send({ spans, bytes });
  else server.listen(0, "127.0.0.1", () => process.send({ endpoint: `http://127.0.0.1:${server.address().port}` }));
});
process.on("disconnect", () => process.exit(0));
