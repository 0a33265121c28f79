// What tracing costs a request in its own process: two spans, recorded and exported. CPU time per request, of which `idle` is the loop.
// `run.mjs [--requests 200000] [--samples 7]`; raw results go to bench/results.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runSample } from "../harness/child.mjs";
import { median, saveResults } from "../harness/results.mjs";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "200000" }, samples: { type: "string", default: "7" } },
});
const here = dirname(fileURLToPath(import.meta.url));
const modes = ["idle", "unsampled", "recorded", "exported"];
const samples = Object.fromEntries(modes.map((mode) => [mode, []]));
for (let round = 0; round < Number(values.samples); round++) {
  for (const mode of modes) samples[mode].push(await runSample(join(here, "sample.mjs"), [mode, values.requests]));
}
for (const mode of modes) {
  const nanos = median(samples[mode].map(({ cpuNanosPerRequest }) => cpuNanosPerRequest));
  console.log(`${mode.padEnd(10)} ${nanos.toFixed(0)} ns of CPU per request`);
}
console.log(saveResults("spans", { requests: Number(values.requests), spansPerRequest: 2 }, samples));
