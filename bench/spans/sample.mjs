// One sample: `sample.mjs <idle|recorded|exported|unsampled> <requests>`. Records the two spans of a public request over and over as the gateway
// does, and prints the CPU time per request. `idle` is the loop alone, `recorded` goes nowhere, `exported` to a collector in another
// process: recording, serialising and sending until the last span has arrived.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../harness/environment.mjs";
import { startResponder } from "../harness/child.mjs";

const [mode, requestsText] = process.argv.slice(2);
const requests = Number(requestsText);
/** About what a busy process does in one turn of the event loop. */
const REQUESTS_PER_TURN = 50;
/** The recorder may hold 20,000: nothing is to be dropped here. */
const MAX_WAITING = 12_000;

const telemetry = (name) => import(pathToFileURL(join(root, "packages/runtime/dist/telemetry", name)));
const { configureTelemetry } = await telemetry("configure-telemetry.js");
const { flushTelemetry, telemetryCounts } = await telemetry("pipeline.js");
const { startTemplateSpan } = await telemetry("recorder.js");
const { spanTemplate } = await telemetry("span-template.js");
const { publicRequestTemplate, startPublicRequest, endPublicRequest } = await telemetry("request-spans.js");

const gateway = publicRequestTemplate("GET", "/hello/:name");
const attributes = { "rpc.system": "tenon", "rpc.service": "hello", "rpc.method": "hello" };
const endpoint = spanTemplate({ name: "hello.hello", kind: "server", service: "hello", attributes });
let lengths = 0;

function serve(count) {
  if (mode === "idle") {
    lengths += `/hello/${count}`.length;
    return;
  }
  // The gateway reads the clock twice: no time worth telling passes between the two starts, nor between the two ends.
  const startedAtMs = performance.now();
  const span = startPublicRequest(gateway, undefined, `/hello/${count}`, "127.0.0.1", "curl/8.5.0", startedAtMs);
  const inner = startTemplateSpan(endpoint, span, startedAtMs);
  // Every answer has it.
  lengths += span.traceparent.length;
  const endedAtMs = performance.now();
  inner.endAt(endedAtMs);
  endPublicRequest(span, 200, endedAtMs);
}

const turn = () => new Promise(setImmediate);
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

function waitingSpans() {
  const { ended, delivered, dropped } = telemetryCounts();
  return ended - delivered - dropped;
}

async function run(count) {
  for (let made = 0; made < count; ) {
    for (let step = 0; step < REQUESTS_PER_TURN; step++) serve(made++);
    await turn();
    while (mode === "exported" && waitingSpans() > MAX_WAITING) await pause();
  }
  await flushTelemetry();
}

const sink = startResponder(join(dirname(fileURLToPath(import.meta.url)), "sink.mjs"));
const { endpoint: otlpEndpoint } = await sink.ask("listen");
configureTelemetry({
  otlpEndpoint: mode === "exported" ? otlpEndpoint : null,
  sample: mode === "unsampled" ? 0 : 1,
  flushIntervalMs: 1000,
});
await run(Math.ceil(requests / 5));
const before = process.cpuUsage();
const startedAt = performance.now();
await run(requests);
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(before);
const { spans, bytes } = await sink.ask("count");
const { ended, delivered, dropped } = telemetryCounts();
if (dropped > 0 || (mode === "exported" && (spans !== ended || delivered !== ended))) {
  throw new Error(`of ${ended} spans ${delivered} were delivered, ${dropped} dropped, ${spans} arrived`);
}
await sink.stop();
console.log(
  JSON.stringify({
    cpuNanosPerRequest: ((user + system) * 1000) / requests,
    userNanosPerRequest: (user * 1000) / requests,
    wallMs,
    arrivedSpans: spans,
    bytesPerSpan: spans === 0 ? 0 : bytes / spans,
    checksum: lengths,
  }),
);
