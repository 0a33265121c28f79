// Typed calls between services, Tenon and its peers: `npm run rpc [-- case ...] [--peers tenon,grpc] [--calls 4000] [--rounds 5] [--node PATH]`.
// One call, and a chain of five services, in one process and with a process per service: CPU time of all processes together per call of
// the driver. Tenon runs as built for production, with every call traced and exported. Raw results go to bench/results.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startResponder } from "../harness/child.mjs";
import { versionOfNode } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { chain } from "./chain.mjs";
import { buildTenonApp, startProcesses } from "./processes.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: "string", default: "tenon,tenon-unix,fastify,trpc,moleculer,grpc" },
    calls: { type: "string", default: "4000" },
    rounds: { type: "string", default: "5" },
    node: { type: "string", default: process.execPath },
  },
});

/**
 * `isSplit`: a process per service, and one for the driver. Sixteen at a time is what a busy service sees. Calls within a process never wait
 * for anything: without a rest now and then their spans would come faster than anybody takes them, and dropped ones cost nothing.
 */
const cases = {
  "call in process": { service: "s5", services: ["s5"], isSplit: false, concurrency: 1, restMs: 4, share: 10 },
  "chain in process": { service: "s1", services: chain, isSplit: false, concurrency: 1, restMs: 4, share: 2 },
  "call across": { service: "s5", services: ["s5"], isSplit: true, concurrency: 1, share: 1 },
  "call across, 16 at a time": { service: "s5", services: ["s5"], isSplit: true, concurrency: 16, share: 1 },
  "chain across": { service: "s1", services: chain, isSplit: true, concurrency: 1, share: 0.5 },
  "chain across, 16 at a time": { service: "s1", services: chain, isSplit: true, concurrency: 16, share: 0.5 },
};
/** What no peer of that name can do: a call within a process. */
const onlyAcross = ["fastify", "grpc", "tenon-unix"];
/** Who exports spans is given the time to send the last of them. */
const settleMs = 1_300;
const settle = (peer) => (peer.startsWith("tenon") ? sleep(settleMs) : undefined);

const wantedCases = Object.entries(cases).filter(([name]) => positionals.length === 0 || positionals.includes(name));
const peers = values.peers.split(",");
const sink = startResponder(new URL("../http/trace-sink.mjs", import.meta.url).pathname);
const { endpoint } = await sink.ask({ question: "endpoint" });

async function drive({ url }, { service, calls, concurrency, restMs = 0 }) {
  const response = await fetch(`${url}/drive`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ service, calls, concurrency, restMs }),
  });
  const text = await response.text();
  if (!response.ok || JSON.parse(text).made !== calls) throw new Error(`of ${calls} calls: ${text}`);
}

async function sample(peer, { share, service, concurrency, restMs, ...placement }) {
  const calls = Math.ceil(Number(values.calls) * share);
  const work = { service, calls, concurrency, restMs };
  const processes = await startProcesses(peer, { ...placement, node: values.node, otlpEndpoint: endpoint });
  try {
    const driver = processes.at(-1);
    await drive(driver, work);
    await settle(peer);
    const before = await cpuMicros(processes);
    const startedAt = performance.now();
    await drive(driver, work);
    const wallMs = performance.now() - startedAt;
    await settle(peer);
    const cpu = (await cpuMicros(processes)) - before;
    const warnings = processes.flatMap(({ output }) =>
      output()
        .split("\n")
        .filter((line) => line !== "")
        .slice(0, 2),
    );
    const dropped = warnings.find((line) => line.includes("spans are dropped"));
    if (dropped !== undefined) throw new Error(`not every call was traced: ${dropped}`);
    return { cpuMicrosPerCall: cpu / calls, wallMicrosPerCall: (wallMs * 1_000) / calls, calls, warnings };
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
    await sink.ask({ question: "spans" });
  }
}

async function cpuMicros(processes) {
  const usages = await Promise.all(processes.map((process) => process.usage()));
  return usages.reduce((sum, usage) => sum + usage.cpuMicros, 0);
}

const samples = {};
const failures = [];
if (peers.some((peer) => peer.startsWith("tenon"))) buildTenonApp();
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const [name, settings] of wantedCases) {
    for (const peer of peers) {
      if (!settings.isSplit && onlyAcross.includes(peer)) continue;
      const result = await sample(peer, settings).catch((error) => {
        console.log(`FAILED ${name} ${peer}: ${error.message}`);
        failures.push({ case: name, peer, error: error.message });
      });
      if (result === undefined) continue;
      const key = `${name} | ${peer}`;
      samples[key] = [...(samples[key] ?? []), result];
      const cpu = result.cpuMicrosPerCall.toFixed(2);
      console.log(`${round} ${name.padEnd(28)} ${peer.padEnd(10)} ${cpu.padStart(8)} us`, ...result.warnings);
    }
  }
}
for (const [name, list] of Object.entries(samples)) {
  console.log(
    `median ${name.padEnd(40)} ${median(list.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall)).toFixed(2)} us`,
  );
}
const settings = {
  calls: Number(values.calls),
  rounds: Number(values.rounds),
  tracing: "Tenon: every call, exported; peers: none",
  failures,
};
const major = versionOfNode(values.node).slice(1).split(".")[0];
console.log(saveResults(`rpc-node${major}`, settings, samples, values.node));
await sink.stop();
process.exitCode = failures.length > 0 ? 1 : 0;
