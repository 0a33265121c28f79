// A collector that takes spans and forgets them: the services export as they would in production.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

export async function startSpanSink() {
  let spans = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      spans += countSpans(JSON.parse(text.toString("utf8")));
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    spans: () => spans,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

function countSpans({ resourceSpans = [] }) {
  return resourceSpans
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .reduce((count, scope) => count + (scope.spans ?? []).length, 0);
}
