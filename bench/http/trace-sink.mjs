// The collector that the measured services export to, in a process of its own: takes batches as they come and counts their spans when it
// is asked, so that it takes little from the processor while something is measured.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";

let batches = [];

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    if (request.url === "/v1/traces") {
      batches.push({ body: Buffer.concat(chunks), isGzipped: request.headers["content-encoding"] === "gzip" });
    }
    response.setHeader("content-type", "application/json").end("{}");
  });
});

function spansIn({ body, isGzipped }) {
  const text = (isGzipped ? gunzipSync(body) : body).toString("latin1");
  let count = 0;
  for (let at = text.indexOf('"spanId"'); at !== -1; at = text.indexOf('"spanId"', at + 1)) count++;
  return count;
}

const listening = new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const answers = {
  async endpoint() {
    await listening;
    return { endpoint: `http://127.0.0.1:${server.address().port}` };
  },
  /** The spans since somebody asked for them last. */
  async spans() {
    const spans = batches.reduce((sum, batch) => sum + spansIn(batch), 0);
    batches = [];
    return { spans };
  },
};

process.on("message", async ({ question }) => process.send(await answers[question]()));
process.on("disconnect", () => process.exit(0));
