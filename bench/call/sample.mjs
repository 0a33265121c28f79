// One sample of a typed call: `sample.mjs <in-process|across-processes> <build> <calls> <concurrency> <exported|recorded>`. Starts fresh service processes,
// warms them up, and prints the CPU time per call of all of them together, with every call traced; `recorded` leaves
// out what a process pays for sending its spans away.
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startResponder } from "../harness/child.mjs";
import { startSpanSink } from "./span-sink.mjs";

const [topology, buildDir, callsText, concurrencyText, exporting] = process.argv.slice(2);
const calls = Number(callsText);
const concurrency = Number(concurrencyText);
const socketPath = join(tmpdir(), `tenon-bench-${process.pid}.sock`);
const loopback = { host: "127.0.0.1", port: 0 };
const sink = await startSpanSink();

function configOf(services, { gateway, remotes = {} }) {
  return {
    buildDir,
    services,
    internal: loopback,
    gateway,
    remotes,
    credential: "bench-credential",
    databases: {},
    secrets: {},
    telemetry: { otlpEndpoint: exporting === "exported" ? sink.endpoint : null, sample: 1, flushIntervalMs: 1_000 },
    development: false,
  };
}

async function startProcesses() {
  const script = join(dirname(fileURLToPath(import.meta.url)), "host.mjs");
  const driver = startResponder(script);
  if (topology === "in-process") {
    const { gateway } = await driver.ask({
      type: "start",
      config: configOf(["driver", "items"], { gateway: loopback }),
    });
    return { processes: [driver], gateway };
  }
  const items = startResponder(script);
  const { internal } = await items.ask({
    type: "start",
    config: { ...configOf(["items"], { gateway: null }), internal: { socketPath } },
  });
  const remotes = { items: addressText(internal) };
  const { gateway } = await driver.ask({ type: "start", config: configOf(["driver"], { gateway: loopback, remotes }) });
  return { processes: [driver, items], gateway };
}

function addressText(address) {
  return typeof address === "string" ? address : `http://${address.host}:${address.port}`;
}

async function drive(gateway, count) {
  const response = await fetch(`${addressText(gateway)}/drive`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ calls: count, concurrency, restMs: 4 }),
  });
  const body = await response.json();
  if (body.made !== count) throw new Error(`made ${JSON.stringify(body)} of ${count} calls`);
}

async function cpuMicros(processes) {
  const answers = await Promise.all(processes.map((process) => process.ask({ type: "cpu" })));
  return answers.reduce((sum, { micros }) => sum + micros, 0);
}

const { processes, gateway } = await startProcesses();
await drive(gateway, Math.ceil(calls / 5));
const cpuBefore = await cpuMicros(processes);
const startedAt = performance.now();
await drive(gateway, calls);
const wallMs = performance.now() - startedAt;
const cpu = (await cpuMicros(processes)) - cpuBefore;
await Promise.all(processes.map((process) => process.stop()));
console.log(JSON.stringify({ cpuMicrosPerCall: cpu / calls, wallMs, exportedSpans: sink.spans() }));
await sink.close();
