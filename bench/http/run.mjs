// Tenon and its peers over HTTP: `npm run bench -- [scenario ...] [--peers tenon,fastify,http] [--rounds 5] [--seconds 4] [--node PATH]`.
// Every peer is checked first and measured only if it does the same work; every sample is a fresh server; peers take turns. First the
// maximum (closed loop) with the CPU time per request, then latency at two fixed rates (open loop). Raw results go to bench/results.
import { parseArgs } from "node:util";
import { startResponder } from "../harness/child.mjs";
import { versionOfNode } from "../harness/environment.mjs";
import { median, saveResults } from "../harness/results.mjs";
import { startServer } from "../harness/server-process.mjs";
import { describeGenerator } from "../load/closed-loop.mjs";
import { checkPeer } from "./check-peer.mjs";
import { measureLatency, measureMaximum } from "./measure.mjs";
import { defaultPeers, findPeer, versionOf } from "./peers.mjs";
import { scenarios } from "./scenarios.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: "string", default: defaultPeers.join(",") },
    peer: { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    seconds: { type: "string" },
    "warm-up": { type: "string" },
    connections: { type: "string", default: "64" },
    latency: { type: "string", default: "hello,schema" },
    "latency-peers": { type: "string" },
    rate: { type: "string" },
    node: { type: "string", default: process.execPath },
    quick: { type: "boolean", default: false },
    "check-only": { type: "boolean", default: false },
  },
});

/** A quick run takes some ten minutes for all scenarios, a full one hours. `otherRounds`: of scenarios without latency. */
const preset = values.quick
  ? { rounds: 3, otherRounds: 1, latencyRounds: 2, latencyPeers: "tenon,http,fastify,elysia", seconds: 2, warmUp: 2 }
  : { rounds: 7, otherRounds: 7, latencyRounds: 5, seconds: 5, warmUp: 3 };
const rounds = Number(values.rounds ?? preset.rounds);
const otherRounds = Number(values.rounds ?? preset.otherRounds);
const latencyRounds = Number(values.rounds ?? preset.latencyRounds);
const latencyPeers = (values["latency-peers"] ?? preset.latencyPeers)?.split(",");
const seconds = Number(values.seconds ?? preset.seconds);
const warmUpSeconds = Number(values["warm-up"] ?? preset.warmUp);
const connections = Number(values.connections);
const wanted = positionals.length === 0 ? Object.keys(scenarios) : positionals;
for (const name of wanted) {
  if (scenarios[name] === undefined)
    throw new Error(`no scenario "${name}"; there are ${Object.keys(scenarios).join(", ")}`);
}
const withLatency = wanted.filter((name) => values.latency.split(",").includes(name));
const peers = [...values.peers.split(",").filter((word) => word !== ""), ...values.peer].map(findPeer);
const generator = describeGenerator();
const { sink, stopSink } = await startSink();

async function startSink() {
  const responder = startResponder(new URL("trace-sink.mjs", import.meta.url).pathname);
  const { endpoint } = await responder.ask({ question: "endpoint" });
  return { sink: { endpoint, take: () => responder.ask({ question: "spans" }) }, stopSink: responder.stop };
}

async function checkOne(peer, scenarioName) {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint };
  const options = { node: values.node, env, readyPath: "/hello/ready" };
  try {
    const server = await startServer({ ...peer, ...peer.for(scenarioName) }, options);
    return await checkPeer(server.url, scenarioName).finally(server.stop);
  } catch (error) {
    return { sent: 0, differences: [error.message] };
  }
}

/** @returns {Promise<{ peer: object, scenarioName: string }[]>} those that do the same work */
async function checkAll() {
  const pairs = [];
  for (const peer of peers) {
    for (const scenarioName of wanted) {
      if (positionals.length === 0 && peer.only?.includes(scenarioName) === false) continue;
      const { sent, differences } = await checkOne(peer, scenarioName);
      const verdict = differences.length === 0 ? "the same" : `REFUSED\n  ${differences.join("\n  ")}`;
      console.log(`check ${peer.name.padEnd(16)} ${scenarioName.padEnd(8)} ${sent} requests: ${verdict}`);
      if (differences.length === 0) pairs.push({ peer, scenarioName });
      else refused.push({ peer: peer.name, scenario: scenarioName, differences });
    }
  }
  await sink.take();
  // The peers of a scenario are measured one right after the other.
  return wanted.flatMap((name) => pairs.filter(({ scenarioName }) => scenarioName === name));
}

/** A sample that fails is told and left out; the others count all the same. */
async function attempt(kind, { peer, scenarioName }, details, measure) {
  const label = { kind, scenario: scenarioName, peer: peer.name };
  const common = {
    peer,
    scenarioName,
    scenario: scenarios[scenarioName],
    node: values.node,
    connections: scenarios[scenarioName].connections ?? connections,
    generator,
    sink,
  };
  try {
    const result = await measure({ ...common, seconds, warmUpSeconds, ...details });
    samples.push({ ...label, ...details, ...result });
    return result;
  } catch (error) {
    console.log(`FAILED ${kind} ${peer.name} ${scenarioName}: ${error.message}`);
    failures.push({ ...label, error: error.message });
  }
}

const medianOf = (scenario, peer, field) => {
  const mine = samples.filter(
    (sample) => sample.kind === "maximum" && sample.scenario === scenario && sample.peer === peer,
  );
  const numbers = mine.map((sample) => sample[field]).filter((value) => typeof value === "number");
  return numbers.length === 0 ? undefined : median(numbers);
};

async function measureMaxima(pairs) {
  for (let round = 1; round <= Math.max(rounds, otherRounds); round++) {
    for (const pair of pairs) {
      if (round > (withLatency.includes(pair.scenarioName) ? rounds : otherRounds)) continue;
      const result = await attempt("maximum", pair, { round }, measureMaximum);
      if (result === undefined) continue;
      const rate = Math.round(result.requestsPerSecond);
      const cpu = result.cpuMicrosPerRequest?.toFixed(1) ?? "?";
      console.log(
        `${round} ${pair.scenarioName.padEnd(8)} ${pair.peer.name.padEnd(16)} ${String(rate).padStart(7)}/s ${cpu.padStart(7)} us`,
        ...result.warnings,
      );
    }
  }
}

/** At 70 % of each one's own maximum, and at one rate that all of them can serve. */
async function measureLatencies(pairs) {
  for (const scenarioName of withLatency) {
    const mine = pairs.filter(
      ({ peer, ...pair }) => pair.scenarioName === scenarioName && (latencyPeers?.includes(peer.name) ?? true),
    );
    const maxima = mine.map(({ peer }) => medianOf(scenarioName, peer.name, "requestsPerSecond") ?? Infinity);
    const commonRate = Number(values.rate ?? Math.floor(0.7 * Math.min(...maxima)));
    for (const load of ["common", "own"]) {
      for (let round = 1; round <= latencyRounds; round++) {
        for (const [index, pair] of mine.entries()) {
          const ratePerSecond = load === "common" ? commonRate : Math.floor(0.7 * maxima[index]);
          if (!Number.isFinite(ratePerSecond)) continue;
          const result = await attempt("latency", pair, { round, load, ratePerSecond }, measureLatency);
          if (result === undefined) continue;
          const { p50, p99, p999 } = result.latencyMs;
          const text = [p50, p99, p999].map((ms) => ms.toFixed(2)).join(" / ");
          console.log(
            `${round} ${scenarioName.padEnd(8)} ${pair.peer.name.padEnd(16)} at ${ratePerSecond}/s: ${text} ms`,
          );
        }
      }
    }
  }
}

function tellMedians(pairs) {
  for (const { peer, scenarioName } of pairs) {
    const rate = medianOf(scenarioName, peer.name, "requestsPerSecond");
    const cpu = medianOf(scenarioName, peer.name, "cpuMicrosPerRequest");
    const text = `${Math.round(rate ?? 0)}/s, ${cpu?.toFixed(1) ?? "?"} us of CPU per request`;
    console.log(`median ${scenarioName.padEnd(8)} ${peer.name.padEnd(16)} ${text}`);
  }
}

const samples = [];
const refused = [];
const failures = [];
for (const build of new Set(peers.map((peer) => peer.build))) build?.();
const pairs = await checkAll();
if (!values["check-only"]) {
  await measureMaxima(pairs);
  await measureLatencies(pairs);
  tellMedians(pairs);
  const described = peers.map((peer) => ({
    name: peer.name,
    title: peer.title,
    version: versionOf(peer),
    tracing: peer.tracing ?? "none",
  }));
  const settings = {
    rounds,
    otherRounds,
    latencyRounds,
    seconds,
    warmUpSeconds,
    connections,
    generator,
    peers: described,
    refused,
    failures,
  };
  const major = versionOfNode(values.node).slice(1).split(".")[0];
  console.log(saveResults(`http-node${major}`, settings, samples, values.node));
}
await stopSink();
process.exitCode = refused.length + failures.length > 0 ? 1 : 0;
