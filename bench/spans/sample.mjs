// One sample: `sample.mjs <idle|recorded|exported|unsampled> <requests>`. Records the two spans of a public request over and over as the gateway
// does, and prints the CPU time per request. `idle` is the loop alone, `recorded` goes nowhere, `exported` to a collector in another
// process: recording, serialising and sending until the last span has arrived.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startResponder } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { importBuilt } from "../harness/import-built.mjs";
import { prepareRequest } from "./traced-request.mjs";

const [mode, requestsText] = process.argv.slice(2);
const requests = Number(requestsText);
/** About what a busy process does in one turn of the event loop. */
const REQUESTS_PER_TURN = 50;
/** The recorder may hold 20,000: nothing is to be dropped here. */
const MAX_WAITING = 12_000;

const telemetry = (name) => importBuilt(join(root, "packages"), `runtime/dist/telemetry/${name}`);
const { configureTelemetry } = await telemetry("configure-telemetry.js");
const { flushTelemetry, telemetryCounts } = await telemetry("pipeline.js");
const recordRequest = mode === "idle" ? (count) => `/hello/${count}` : await prepareRequest(telemetry);
let lengths = 0;

const turn = () => new Promise(setImmediate);
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

function waitingSpans() {
  const { ended, delivered, dropped } = telemetryCounts();
  return ended - delivered - dropped;
}

async function run(count) {
  for (let made = 0; made < count; ) {
    for (let step = 0; step < REQUESTS_PER_TURN; step++) lengths += recordRequest(made++).length;
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
