// The public door without a server: CPU time per request between the parsed request and its answer, tracing on.
// `run.mjs [--calls 200000] [--samples 7]`; raw results go to bench/results.
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCompiler } from "@tenon/compiler";
import { runSample } from "../harness/child.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { requests } from "./requests.mjs";

const { values } = parseArgs({
  options: { calls: { type: "string", default: "200000" }, samples: { type: "string", default: "7" } },
});
const concurrency = 16;
const here = dirname(fileURLToPath(import.meta.url));

async function build(app) {
  const appDir = join(root, "bench/tmp/door", app);
  const outDir = join(appDir, ".tenon/build/dev");
  rmSync(appDir, { recursive: true, force: true });
  cpSync(join(here, "apps", app), appDir, { recursive: true });
  const compiler = await createCompiler({ appDir, outDir, mode: "development" });
  const built = await compiler.build();
  await compiler.close();
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 2));
  return outDir;
}

const builds = { open: await build("open"), guarded: await build("guarded") };
const samples = Object.fromEntries(Object.keys(requests).map((name) => [name, []]));
for (let round = 0; round < Number(values.samples); round++) {
  for (const name of Object.keys(requests)) {
    const args = [name, builds[requests[name].app ?? "open"], values.calls, String(concurrency)];
    samples[name].push(await runSample(join(here, "sample.mjs"), args));
  }
}
for (const name of Object.keys(requests)) {
  const micros = median(samples[name].map(({ cpuMicrosPerRequest }) => cpuMicrosPerRequest));
  console.log(`${name.padEnd(12)} ${micros.toFixed(2)} us of CPU per request`);
}
const about = { calls: Number(values.calls), concurrency, tracing: "on, two spans for every request, recorded" };
console.log(saveResults("door", about, samples));
