// A typed call between two services, in one process and across two on a unix socket: CPU time per call, tracing on and exported.
// `run.mjs [--calls 50000] [--samples 7]`; raw results go to bench/results.
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCompiler } from "@tenon/compiler";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";

const { values } = parseArgs({
  options: { calls: { type: "string", default: "50000" }, samples: { type: "string", default: "7" } },
});
const calls = Number(values.calls);
const here = dirname(fileURLToPath(import.meta.url));
const appDir = join(root, "bench/tmp/call-app");
const buildDir = join(appDir, ".tenon/build/dev");

rmSync(appDir, { recursive: true, force: true });
cpSync(join(here, "app"), appDir, { recursive: true });
const compiler = await createCompiler({ appDir, outDir: buildDir, mode: "development" });
const built = await compiler.build();
await compiler.close();
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 2));

/** One call at a time is what a request sees; sixteen at a time is what a busy service sees. */
const cases = {
  "in-process": ["in-process", 1, "exported"],
  "in-process-recorded": ["in-process", 1, "recorded"],
  "across-processes": ["across-processes", 1, "exported"],
  "in-process-16": ["in-process", 16, "exported"],
  "across-processes-16": ["across-processes", 16, "exported"],
};
const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < Number(values.samples); round++) {
  for (const [name, [topology, concurrency, exporting]] of Object.entries(cases)) {
    // A call across processes takes many times as long; half of them are enough for a steady figure.
    const count = topology === "in-process" ? calls : Math.ceil(calls / 2);
    const args = [topology, buildDir, String(count), String(concurrency), exporting];
    samples[name].push(await runSample(join(here, "sample.mjs"), args));
  }
}
for (const name of Object.keys(cases)) {
  const micros = median(samples[name].map(({ cpuMicrosPerCall }) => cpuMicrosPerCall));
  console.log(`${name.padEnd(20)} ${micros.toFixed(2)} us of CPU per call`);
}
console.log(saveResults("call", { calls, tracing: "on, every call; exported as OTLP, but for -recorded" }, samples));
