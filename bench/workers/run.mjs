// What a second worker brings: throughput of one and of two, for a hello and for a request that takes 500 us of CPU, in turn. The load
// generator shares the machine: how much of it was busy says whether more was to be had. `run.mjs [--rounds 5] [--seconds 3] [--node PATH]`;
// Linux, since CPU time is read from /proc. Raw results go to bench/results.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cpuMicrosOf, usageOfDescendants } from "../harness/descendants.mjs";
import { root } from "../harness/environment.mjs";
import { freePort } from "../harness/free-port.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { describeGenerator, driveClosedLoop } from "../load/closed-loop.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    node: { type: "string", default: process.execPath },
  },
});
const seconds = Number(values.seconds);
const connections = 16;
const warmUpSeconds = 1;
const here = dirname(fileURLToPath(import.meta.url));
const appDir = join(root, "bench/tmp/workers-app");
const generator = describeGenerator();
const paths = { hello: "/hello/you", work: "/work/500" };

rmSync(appDir, { recursive: true, force: true });
cpSync(join(here, "../start/app"), appDir, { recursive: true });
const built = spawnSync(process.execPath, [join(root, "packages/tenon/bin/tenon.js"), "build", appDir], {
  encoding: "utf8",
});
if (built.status !== 0) throw new Error(built.stdout + built.stderr);

/** Milliseconds of all cores together: those spent on something, and all. */
function machineTimes() {
  let busyMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    busyMs += all - times.idle;
    totalMs += all;
  }
  return { busyMs, totalMs };
}

async function startWorkers(count) {
  const port = await freePort();
  const child = spawn(values.node, [join(appDir, ".tenon/build/main.js"), "start", "--workers", String(count)], {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), TENON_LOG_LEVEL: "warn" },
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let isUp = false; !isUp; ) {
    if (child.exitCode !== null) throw new Error(`the workers ended with ${child.exitCode}`);
    isUp = (await fetch(`${url}/hello/you`).catch(() => undefined))?.ok === true;
    if (!isUp) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // The others are there a moment after the first.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return {
    url,
    cpuMicros: () => cpuMicrosOf(child.pid) + usageOfDescendants(child.pid).cpuMicros,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function sample(count, path) {
  const server = await startWorkers(count);
  const load = (forSeconds) =>
    driveClosedLoop({
      generator,
      url: server.url,
      requests: [{ method: "GET", path }],
      connections,
      seconds: forSeconds,
    });
  try {
    await load(warmUpSeconds);
    const before = { ...machineTimes(), cpuMicros: server.cpuMicros() };
    const { requests, seconds: took, failing, broken } = await load(seconds);
    const after = { ...machineTimes(), cpuMicros: server.cpuMicros() };
    if (failing + broken > 0) throw new Error(`${failing} requests failed, ${broken} connections broke`);
    return {
      requestsPerSecond: requests / took,
      cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / requests,
      busyShare: (after.busyMs - before.busyMs) / (after.totalMs - before.totalMs),
    };
  } finally {
    await server.stop();
  }
}

const samples = {};
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, path] of Object.entries(paths)) {
    for (const count of [1, 2]) {
      const label = `${name}, ${count === 1 ? "one worker" : "two workers"}`;
      samples[label] ??= [];
      samples[label].push(await sample(count, path));
    }
  }
}
const of = (label, field) => median(samples[label].map((taken) => taken[field]));
for (const name of Object.keys(paths)) {
  const [one, two] = [`${name}, one worker`, `${name}, two workers`];
  const times = of(two, "requestsPerSecond") / of(one, "requestsPerSecond");
  for (const label of [one, two]) {
    console.log(
      `${label.padEnd(20)} ${of(label, "requestsPerSecond").toFixed(0)} requests/s, ${of(label, "cpuMicrosPerRequest").toFixed(1)} us of CPU each, ` +
        `machine ${(of(label, "busyShare") * 100).toFixed(0)} % busy`,
    );
  }
  console.log(`${name}: two workers serve ${times.toFixed(2)} times what one serves`);
}
console.log(saveResults("workers", { connections, seconds, warmUpSeconds, generator }, samples, values.node));
