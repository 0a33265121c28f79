// What the generated clients of an app of 500 endpoints cost whoever uses them: instantiations and time in both TypeScripts, and how long
// an editor waits for completions. `run.mjs [--services 50] [--samples 5]`; raw results go to bench/results.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCompiler, emitTypeScriptClient } from "@tenon/compiler";
import { endpointsPerService, generateApp } from "../compile/generate-app.mjs";
import { nameOf } from "../compile/service-template.mjs";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { consumers } from "./consumers.mjs";

const { values } = parseArgs({
  options: { services: { type: "string", default: "50" }, samples: { type: "string", default: "5" } },
});
const services = Number(values.services);
const sampleCount = Number(values.samples);
const here = dirname(fileURLToPath(import.meta.url));
const appDir = join(root, "bench/tmp/typecheck-app");

generateApp(appDir, services);
const compiler = await createCompiler({ appDir, outDir: join(appDir, ".tenon/build/dev"), mode: "development" });
const { ok, graph, diagnostics } = await compiler.build();
await compiler.close();
if (!ok) throw new Error(JSON.stringify(diagnostics.slice(0, 5), null, 2));
const client = emitTypeScriptClient(graph, { localUrl: "http://localhost:4000", includePrivate: true });
writeFileSync(join(appDir, "front-end-client.ts"), client);

const names = Array.from({ length: services }, (_unused, index) => nameOf(index));
const texts = consumers(graph, names);
for (const [name, text] of Object.entries(texts)) writeFileSync(join(appDir, `consumer-${name}.ts`), text);

const cases = [
  ...["native", "classic"].flatMap((kind) => ["nothing", ...Object.keys(texts)].map((name) => `${kind} ${name}`)),
  "completion",
];
const samples = Object.fromEntries(cases.map((name) => [name, []]));
console.log(`${services} services, ${services * endpointsPerService} endpoints, ${sampleCount} samples of each case`);
for (let round = 0; round < sampleCount; round++) {
  for (const name of cases) {
    const script = name === "completion" ? "completion-sample.mjs" : "check-sample.mjs";
    samples[name].push(await runSample(join(here, script), [appDir, ...name.split(" ")]));
  }
}
for (const name of cases) {
  const list = samples[name];
  const ms = median(list.map((sample) => sample.ms)).toFixed(0);
  const more =
    list[0].instantiations === undefined
      ? `first ${median(list.map((sample) => sample.firstMs)).toFixed(0)} ms`
      : `${list[0].instantiations} instantiations`;
  console.log(`${name.padEnd(22)} ${ms.padStart(6)} ms  ${more}`);
}
console.log(saveResults("typecheck", { services, endpoints: services * endpointsPerService }, samples));
