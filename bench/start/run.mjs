// From the start of a process to its first answer, and the memory it has then and after load: a built hello against a bare `node:http`
// script. `run.mjs [--samples 15] [--node PATH]`; Linux, since CPU time and memory are read from /proc. Raw results go to bench/results.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cpuMsOf } from "../harness/cpu-time.mjs";
import { rssBytesOf } from "../harness/descendants.mjs";
import { root } from "../harness/environment.mjs";
import { freePort } from "../harness/free-port.mjs";
import { median, saveResults } from "../harness/results.mjs";

const { values } = parseArgs({
  options: { samples: { type: "string", default: "15" }, node: { type: "string", default: process.execPath } },
});
const here = dirname(fileURLToPath(import.meta.url));
const appDir = join(root, "bench/tmp/start-app");
const tenon = join(root, "packages/tenon/bin/tenon.js");
const settleMs = 500;
const loadedRequests = 5_000;

rmSync(appDir, { recursive: true, force: true });
cpSync(join(here, "app"), appDir, { recursive: true });
const built = spawnSync(process.execPath, [tenon, "build", appDir], { encoding: "utf8" });
if (built.status !== 0) throw new Error(built.stdout + built.stderr);

const cases = {
  "node:http": [join(here, "bare.mjs")],
  "node:http by require": [join(here, "bare.cjs")],
  "main.js": [join(appDir, ".tenon/build/main.js")],
  "tenon start": [tenon, "start", appDir],
  "tenon start, two workers": [tenon, "start", appDir, "--workers", "2"],
};

/** One request on a connection of its own; rejects while nobody listens. */
function ask(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.write("GET /hello/you HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n"));
    socket.once("data", (chunk) => resolve(chunk.toString("latin1", 9, 12)));
    socket.once("end", () => socket.destroy());
    socket.once("error", reject);
  });
}

/** On one kept connection, one after the other. */
function load(port, count) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const request = "GET /hello/you HTTP/1.1\r\nhost: bench\r\n\r\n";
    let left = count;
    socket.once("connect", () => socket.write(request));
    socket.on("data", () => {
      left--;
      if (left > 0) socket.write(request);
      else socket.end(resolve);
    });
    socket.once("error", reject);
  });
}

async function sample(name) {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(values.node, cases[name], {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port) },
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  try {
    for (;;) {
      const status = await ask(port).catch(() => undefined);
      if (status === "200") break;
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const startMs = performance.now() - startedAt;
    const startCpuMs = cpuMsOf(child.pid);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const idleRssBytes = rssBytesOf(child.pid);
    await load(port, loadedRequests);
    return { startMs, startCpuMs, idleRssBytes, loadedRssBytes: rssBytesOf(child.pid) };
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
// The first of each fills the caches of files and of compiled code, and is not counted.
for (let round = -1; round < Number(values.samples); round++) {
  for (const name of Object.keys(cases)) {
    const taken = await sample(name);
    if (round >= 0) samples[name].push(taken);
  }
}
const of = (name, field) => median(samples[name].map((taken) => taken[field]));
for (const name of Object.keys(cases)) {
  const ratio = (field) => (of(name, field) / of("node:http", field)).toFixed(2);
  console.log(
    `${name.padEnd(26)} first answer ${of(name, "startMs").toFixed(0)} ms (${ratio("startMs")}), CPU ${of(name, "startCpuMs").toFixed(0)} ms ` +
      `(${ratio("startCpuMs")}), idle ${(of(name, "idleRssBytes") / 2 ** 20).toFixed(1)} MiB (${ratio("idleRssBytes")}), ` +
      `after load ${(of(name, "loadedRssBytes") / 2 ** 20).toFixed(1)} MiB (${ratio("loadedRssBytes")})`,
  );
}
const settings = {
  loadedRequests,
  settleMs,
  tracing: "on, recorded",
  note: "of two workers, memory is the supervisor's",
};
console.log(saveResults("start", settings, samples, values.node));
