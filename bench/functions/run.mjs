// A cold start on the stand-in for AWS Lambda (conformance/harness/functions): from a request for which no process is there to its answer, a
// built hello against a handler with nothing in it; the difference is the framework's part. And what the hello's package weighs, gzipped.
// `run.mjs [--samples 15]`; raw results go to bench/results.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startLambda } from "../../conformance/harness/functions/lambda-platform.mjs";
import { cpuMsOf } from "../harness/cpu-time.mjs";
import { root } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";

const { values } = parseArgs({ options: { samples: { type: "string", default: "15" } } });
const here = dirname(fileURLToPath(import.meta.url));
const appDir = join(root, "bench/tmp/functions-app");
const bareDir = join(root, "bench/tmp/functions-bare");
const packageDir = join(appDir, ".tenon/build");

for (const dir of [appDir, bareDir]) rmSync(dir, { recursive: true, force: true });
cpSync(join(root, "bench/start/app"), appDir, { recursive: true });
mkdirSync(bareDir, { recursive: true });
cpSync(join(here, "bare.mjs"), join(bareDir, "lambda.mjs"));
const built = spawnSync(process.execPath, [join(root, "packages/tenon/bin/tenon.js"), "build", appDir], {
  encoding: "utf8",
});
if (built.status !== 0) throw new Error(built.stdout + built.stderr);
const entry =
  'import { createFunction } from "./runtime/main.js";\n\nexport const { handler, streamHandler } = await createFunction("lambda");\n';
writeFileSync(join(packageDir, "lambda.mjs"), entry);

const cases = { "nothing in it": bareDir, tenon: packageDir };

async function coldStart(dir) {
  const lambda = await startLambda({ dir, handler: "lambda.handler", env: () => ({ NODE_ENV: "production" }) });
  try {
    const ask = async () => {
      const startedAt = performance.now();
      const answer = await fetch(`${lambda.url}/hello/you`);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status}: ${text}\n${lambda.output}`);
      return performance.now() - startedAt;
    };
    const coldMs = await ask();
    const coldCpuMs = cpuMsOf(lambda.pids[0]);
    return { coldMs, coldCpuMs, warmMs: await ask() };
  } finally {
    await lambda.stop();
  }
}

function packageBytes() {
  const { stdout } = spawnSync("tar", ["-cz", "-C", packageDir, "."], { maxBuffer: 2 ** 28 });
  return stdout.length;
}

const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (const dir of Object.values(cases)) await coldStart(dir);
for (let round = 0; round < Number(values.samples); round++) {
  for (const [name, dir] of Object.entries(cases)) samples[name].push(await coldStart(dir));
}
const of = (name, field) => median(samples[name].map((taken) => taken[field]));
const difference = (field) => of("tenon", field) - of("nothing in it", field);
const settings = {
  frameworkMs: difference("coldMs"),
  frameworkCpuMs: difference("coldCpuMs"),
  gzippedBytes: packageBytes(),
  tracing: "on, recorded",
};
console.log(
  `framework part of a cold start: ${settings.frameworkMs.toFixed(0)} ms, ${settings.frameworkCpuMs.toFixed(0)} ms of CPU`,
);
console.log(`the package: ${(settings.gzippedBytes / 1000).toFixed(0)} kB gzipped`);
for (const name of Object.keys(cases)) {
  console.log(
    `${name}: cold ${of(name, "coldMs").toFixed(0)} ms, CPU ${of(name, "coldCpuMs").toFixed(0)} ms, warm ${of(name, "warmMs").toFixed(1)} ms`,
  );
}
console.log(saveResults("functions", settings, samples));
