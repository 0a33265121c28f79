// The compiler on a generated app: cold, unchanged start with its cache, an edit in one service, an edit of a type that all use.
// `run.mjs [--services 50] [--samples 7]`; raw results go to bench/results.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { endpointsPerService, generateApp } from "./generate-app.mjs";

const { values } = parseArgs({
  options: { services: { type: "string", default: "50" }, samples: { type: "string", default: "7" } },
});
const services = Number(values.services);
const sampleCount = Number(values.samples);
const script = join(dirname(fileURLToPath(import.meta.url)), "sample.mjs");
const appDir = join(root, "bench/tmp/compile-app");

generateApp(appDir, services);
console.log(`${services} services, ${services * endpointsPerService} endpoints, ${sampleCount} samples of each case`);

const cases = ["cold", "unchanged", "edit-service", "edit-shared"];
const samples = Object.fromEntries(cases.map((name) => [name, []]));
for (let round = 0; round < sampleCount; round++) {
  for (const name of cases) samples[name].push(await runSample(script, [name, appDir]));
}
for (const name of cases) console.log(`${name.padEnd(14)} ${median(samples[name].map(({ ms }) => ms)).toFixed(0)} ms`);
console.log(saveResults("compile", { services, endpoints: services * endpointsPerService }, samples));
