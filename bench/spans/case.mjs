// The gate's case of tracing: the two spans of a public request, recorded and written as they leave, to a collector that takes them at
// once. What the socket costs is not in it.
import { importBuilt } from "../harness/import-built.mjs";
import { prepareRequest } from "./traced-request.mjs";

const requestsPerTurn = 50;
let serve;
let flush;

export async function prepare(packagesDir) {
  const telemetry = (name) => importBuilt(packagesDir, `runtime/dist/telemetry/${name}`);
  const { setPipeline, flushTelemetry, telemetryCounts } = await telemetry("pipeline.js");
  const { OtlpOutlet } = await telemetry("otlp/otlp-outlet.js");
  const outlet = new OtlpOutlet(async (_body, spans) => spans);
  setPipeline({ sample: 1, flushIntervalMs: 1_000, outlet });
  serve = await prepareRequest(telemetry);
  flush = flushTelemetry;
  await run(requestsPerTurn);
  if (telemetryCounts().delivered < 2 * requestsPerTurn) throw new Error("spans were lost");
}

export async function run(iterations) {
  for (let made = 0; made < iterations; ) {
    for (let step = 0; step < requestsPerTurn; step++) serve(made++);
    await new Promise(setImmediate);
  }
  await flush();
}
