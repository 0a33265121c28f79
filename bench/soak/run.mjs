// An hour of mixed load on one process, its memory sampled: `run.mjs [--minutes 60] [--rate 60] [--every 10] [--lane on|off]`. Writes
// results/soak-<time>.json and .svg and ends with 1 when memory grew. `--rate` is actions a second, of which most are several requests.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCompiler } from "@tenon/compiler";
import { startSpanSink } from "../call/span-sink.mjs";
import { startResponder } from "../harness/child.mjs";
import { describeEnvironment, root } from "../harness/environment.mjs";
import { resultsDir } from "../harness/results.mjs";
import { Load } from "./load.mjs";
import { plotSamples } from "./plot.mjs";
import { judge } from "./verdict.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rate: { type: "string", default: "60" },
    every: { type: "string", default: "10" },
    lane: { type: "string", default: "on" },
  },
});
const SAVE_EVERY_SAMPLES = 12;
const takenAt = new Date().toISOString();
const file = join(resultsDir, `soak-${takenAt.replace(/[:.]/g, "-")}.json`);
const environment = describeEnvironment();
mkdirSync(resultsDir, { recursive: true });
const durationMs = Number(values.minutes) * 60_000;
const here = dirname(fileURLToPath(import.meta.url));
const buildDir = await build();
const sink = await startSpanSink();
process.env.TENON_FAST_LANE = values.lane;
// Its log is long and says what is meant to go wrong.
const host = startResponder(join(here, "host.mjs"), { execArgv: ["--expose-gc"], stdout: "ignore" });
const { gateway } = await host.ask({ type: "start", config: configOf() });
const load = new Load(Number(new URL(gateway).port));
const samples = [];
const startedAt = performance.now();

async function sample() {
  const { resources, ...usage } = await host.ask({ type: "usage" });
  const sockets = (resources.TCPSocketWrap ?? 0) + (resources.PipeWrap ?? 0);
  samples.push({ atMs: Math.round(performance.now() - startedAt), ...usage, sockets, timers: resources.Timeout ?? 0 });
}

let failure;
const running = load.run(Number(values.rate)).catch((error) => {
  failure = error;
});
while (failure === undefined && performance.now() - startedAt < durationMs) {
  await sample();
  // An hour is long: whoever interrupts it keeps what there is.
  if (samples.length % SAVE_EVERY_SAMPLES === 0) save();
  await new Promise((resolve) => setTimeout(resolve, Number(values.every) * 1000));
}
load.stop();
await running;
await sample();
await host.stop();
await sink.close();

const verdict = save();
console.log(JSON.stringify({ verdict, counts: load.counts, spans: sink.spans() }, null, 2));
console.log(file);
if (failure !== undefined) throw failure;
if (!verdict.isFlat) process.exitCode = 1;

function save() {
  const verdict = judge(samples);
  const settings = {
    ...values,
    tracing: "on, exported",
    verdict,
    counts: load.counts,
    failure: failure?.message ?? null,
  };
  writeFileSync(file, `${JSON.stringify({ area: "soak", takenAt, environment, settings, samples }, null, 2)}\n`);
  const minutes = Math.round((samples.at(-1)?.atMs ?? 0) / 60_000);
  const title = `Memory over ${minutes} minutes of mixed load: ${verdict.isFlat ? "flat" : "growing"}`;
  writeFileSync(file.replace(/json$/, "svg"), plotSamples(samples, title));
  return verdict;
}

async function build() {
  const appDir = join(root, "bench/tmp/soak-app");
  const outDir = join(appDir, ".tenon/build/dev");
  rmSync(appDir, { recursive: true, force: true });
  cpSync(join(here, "app"), appDir, { recursive: true });
  const compiler = await createCompiler({ appDir, outDir, mode: "development" });
  const built = await compiler.build();
  await compiler.close();
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 2));
  return outDir;
}

function configOf() {
  const loopback = { host: "127.0.0.1", port: 0 };
  return {
    buildDir,
    services: ["desk", "store"],
    internal: loopback,
    gateway: loopback,
    remotes: {},
    credential: "bench-credential",
    databases: {},
    secrets: {},
    telemetry: { otlpEndpoint: sink.endpoint, sample: 1, flushIntervalMs: 1_000 },
    development: false,
    logFormat: "json",
  };
}
