// The tools of one sample: a database of its own, the processes of a peer, what they publish and handle, and the CPU time of all.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { cpuMicrosOf, usageOfDescendants } from "../harness/descendants.mjs";
import { root } from "../harness/environment.mjs";
import { startServer } from "../harness/server-process.mjs";

const appDir = join(root, "bench/messages/tenon");
const hostScript = join(root, "bench/messages/host.mjs");
const tmpDir = join(root, "bench/tmp/messages");
const mostWaitMs = 300_000;

export function buildTenonApp() {
  const built = spawnSync(process.execPath, [join(root, "packages/tenon/bin/tenon.js"), "build", appDir], {
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  mkdirSync(tmpDir, { recursive: true });
}

let counter = 0;

/** Runs one scenario for one peer and gives its figures. */
export async function sample(peer, scenario, { adminUrl, serverPid, node, otlpEndpoint, scale }) {
  const database = `messages_${process.pid}_${++counter}`;
  const url = new URL(adminUrl);
  await query(adminUrl, `CREATE DATABASE ${database}`);
  url.pathname = `/${database}`;
  const processes = [];
  const start = async (role) => {
    const started = await startServer(describe(peer, role, url.href, otlpEndpoint), {
      node,
      env: {},
      readyPath: "/ready",
    });
    processes.push(started);
    return started;
  };
  try {
    return await scenario.run({
      start,
      publish: (sender, request) =>
        ask(`${sender.url}/publish`, { count: 1e9, forMs: mostWaitMs, pauseMs: 0, ...request }),
      progressOf: (taker, isEnough) => until(() => ask(`${taker.url}/progress`), isEnough),
      fill: (count) => fillTenon(url.href, count),
      cpu: () => cpuOf(processes, serverPid),
      sleep,
      scale,
    });
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
    await query(adminUrl, `DROP DATABASE ${database} WITH (FORCE)`);
  }
}

function describe(peer, role, url, otlpEndpoint) {
  const words = peer === "tenon" ? tenonWords(role, url) : [hostScript, peer, role];
  const env = { MESSAGES_URL: url, OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint, TENON_LOG_LEVEL: "warn" };
  return { name: peer, env, command: ({ node, control }) => [node, "--import", control, ...words] };
}

function tenonWords(role, url) {
  const infraFile = join(tmpDir, "infra.json");
  const pubsub = [{ type: "postgres", connection_string: url }];
  const auth = [{ type: "key", id: 1, key: "bench-key-of-sixteen" }];
  const other = role === "sender" ? "taker" : "sender";
  const infra = { auth, pubsub, service_discovery: { [other]: { base_url: "http://127.0.0.1:9" } } };
  writeFileSync(infraFile, JSON.stringify(infra));
  return [join(appDir, ".tenon/build/main.js"), "start", "--infra", infraFile, "--services", role];
}

async function ask(url, body) {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, body === undefined ? {} : post);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${text}`);
  return JSON.parse(text);
}

async function until(look, isEnough) {
  for (const endsAt = performance.now() + mostWaitMs; performance.now() < endsAt; await sleep(50)) {
    const seen = await look();
    if (isEnough(seen)) return seen;
  }
  throw new Error(`not enough within ${mostWaitMs} ms`);
}

/** Microseconds; the server's share covers backends that still run. */
async function cpuOf(processes, serverPid) {
  const usages = await Promise.all(processes.map((process) => process.usage()));
  return {
    processes: usages.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
    server: cpuMicrosOf(serverPid) + usageOfDescendants(serverPid).cpuMicros,
  };
}

/** As publishing would leave them. */
async function fillTenon(url, count) {
  await query(
    url,
    `INSERT INTO tenon_messages.delivery (subscription, message_id, payload, attributes, traceparent)
     SELECT (SELECT id FROM tenon_messages.subscription), gen_random_uuid(),
       '{"n":' || n || ',"at":' || extract(epoch FROM clock_timestamp()) * 1000 || ',"text":"' || repeat('x', 150) || '"}', '{}',
       '00-' || lpad(to_hex(n), 32, '0') || '-' || lpad(to_hex(n), 16, '0') || '-01'
     FROM generate_series(1, ${count}) AS n`,
  );
}

async function query(connectionString, text) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
