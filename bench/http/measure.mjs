// One sample: a fresh server, warmed up, measured under one kind of load, with its CPU time and memory around it.
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runSample } from "../harness/child.mjs";
import { startServer } from "../harness/server-process.mjs";
import { driveClosedLoop } from "../load/closed-loop.mjs";

const openLoop = fileURLToPath(new URL("../load/open-loop.mjs", import.meta.url));
/** CPU time of who exports spans is read so long after the load that the last of them have left. */
const settleMs = 1_300;
const settle = ({ tracing }) => (tracing === "exported" ? sleep(settleMs) : undefined);
const readyPath = "/hello/ready";

function start({ peer, scenarioName, node, sink }) {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint };
  return startServer({ ...peer, ...peer.for(scenarioName) }, { node, env, readyPath });
}

/** Throughput at saturation, CPU time per request, memory before and after. */
export async function measureMaximum(sample) {
  const { scenario, connections, seconds, warmUpSeconds, generator, sink } = sample;
  const server = await start(sample);
  try {
    const idleRssBytes = server.idleRssBytes();
    const drive = (time) =>
      driveClosedLoop({ generator, url: server.url, requests: scenario.requests, connections, seconds: time });
    const warmUp = await drive(warmUpSeconds);
    await settle(sample.peer);
    const before = await server.usage();
    const load = await drive(seconds);
    await settle(sample.peer);
    const after = await server.usage();
    expectRightAnswers(scenario, load, sample.peer.name);
    await server.stop();
    const { spans } = await sink.take();
    return {
      requestsPerSecond: load.requests / load.seconds,
      cpuMicrosPerRequest: before.cpuMicros === undefined ? null : (after.cpuMicros - before.cpuMicros) / load.requests,
      startMs: server.startMs,
      idleRssBytes,
      loadedRssBytes: after.rssBytes,
      descendants: after.descendants,
      spansPerRequest: spans / (load.requests + warmUp.requests),
      warnings: warningsOf(server),
    };
  } finally {
    await server.stop();
  }
}

/** Latency at a fixed rate, from when requests were due. */
export async function measureLatency({ ratePerSecond, ...sample }) {
  const { scenario, connections, seconds, warmUpSeconds, sink } = sample;
  const server = await start(sample);
  try {
    const settings = {
      url: server.url,
      requests: scenario.requests,
      ratePerSecond,
      seconds,
      warmUpSeconds,
      connections,
    };
    const result = await runSample(openLoop, [JSON.stringify(settings)]);
    if (result.broken > 0 || result.measured === 0) {
      throw new Error(`${result.broken} connections broke, ${result.unanswered} requests were not answered`);
    }
    return { ...result, warnings: warningsOf(server) };
  } finally {
    await server.stop();
    await sink.take();
  }
}

/** A server that answers quickly but wrongly is not fast. */
function expectRightAnswers({ failing = 0 }, load, name) {
  if (load.broken > 0) throw new Error(`${name}: ${load.broken} of ${load.requests} requests broke`);
  if (Math.abs(load.failing / load.requests - failing) > 0.01) {
    throw new Error(`${name}: ${load.failing} of ${load.requests} requests were answered with an error`);
  }
}

/** What the server had to complain about, above all that spans were dropped. */
function warningsOf(server) {
  return server
    .output()
    .split("\n")
    .filter((line) => line !== "" && !line.includes('"level":"info"'))
    .slice(0, 5);
}
