// The processes of one sample: one that hosts everything, or one per service and one for the driver. Tenon's find each other as they do in
// production, by infra.json: over TCP, or over unix sockets as processes on one machine may.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../harness/environment.mjs";
import { freePort } from "../harness/free-port.mjs";
import { startServer } from "../harness/server-process.mjs";
import { chain } from "./chain.mjs";

const appDir = join(root, "bench/rpc/tenon");
const hostScript = join(root, "bench/rpc/host.mjs");
const tmpDir = join(root, "bench/tmp/rpc");

export function buildTenonApp() {
  const words = [join(root, "packages/tenon/bin/tenon.js"), "build", appDir];
  const built = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  mkdirSync(tmpDir, { recursive: true });
}

/** The driver's process is the last. When one cannot start, none is left running. */
export async function startProcesses(peer, { services, isSplit, node, otlpEndpoint }) {
  const isTenon = peer.startsWith("tenon");
  const names = isTenon ? [...chain, "driver"] : [...services, "driver"];
  const addresses = {};
  for (const name of names) addresses[name] = `127.0.0.1:${await freePort()}`;
  const groups = isSplit ? [...services, "driver"].map((name) => [name]) : [names];
  const starting = groups.map((group) => {
    const place = { group, addresses, isSplit, otlpEndpoint };
    const started = isTenon ? tenonProcess(place, peer === "tenon-unix") : peerProcess(peer, place);
    return startServer(started, { node, env: {}, readyPath: "/ready" });
  });
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed === undefined) return outcomes.map(({ value }) => value);
  await Promise.all(outcomes.map(({ value }) => value?.stop()));
  throw failed.reason;
}

const asPeer = (name, words, env) => ({
  name,
  env,
  command: ({ node, control }) => [node, "--import", control, ...words],
});

function tenonProcess({ group, addresses, isSplit, otlpEndpoint }, overUnixSockets) {
  const portOf = (name) => addresses[name].split(":")[1];
  const socketOf = (name) => join(tmpDir, `${portOf(name)}.sock`);
  const baseUrlOf = (name) => (overUnixSockets ? `unix:${socketOf(name)}` : `http://${addresses[name]}`);
  const others = Object.keys(addresses).filter((name) => !group.includes(name));
  const infra = {
    auth: [{ type: "key", id: 1, key: "bench-key-of-sixteen" }],
    service_discovery: Object.fromEntries(others.map((name) => [name, { base_url: baseUrlOf(name) }])),
  };
  const infraFile = join(tmpDir, `${group.join("-")}.json`);
  writeFileSync(infraFile, JSON.stringify(infra));
  const words = [join(appDir, ".tenon/build/main.js"), "start", "--infra", infraFile];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint, TENON_LOG_LEVEL: "warn" };
  if (!isSplit) return asPeer("tenon", words, env);
  const [name] = group;
  const door = overUnixSockets ? { TENON_INTERNAL_SOCKET: socketOf(name) } : { TENON_INTERNAL_PORT: portOf(name) };
  return asPeer("tenon", [...words, "--services", name], { ...env, ...door });
}

function peerProcess(peer, { group, addresses, isSplit }) {
  const env = {
    RPC_SERVICES: group.filter((name) => name !== "driver").join(","),
    RPC_ADDRESSES: JSON.stringify(addresses),
    RPC_IS_SPLIT: String(isSplit),
  };
  return asPeer(peer, [hostScript, peer], env);
}
