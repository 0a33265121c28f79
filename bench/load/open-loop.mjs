// An open-loop load generator, in a process of its own: `open-loop.mjs <JSON: url, requests, ratePerSecond, seconds, warmUpSeconds,
// connections>`. Requests are due at fixed times, whether or not earlier ones have been answered, and latency counts from when a request was
// due, so a server that stalls is charged with everything that waited (no coordinated omission). One request at a time on a connection; one
// that finds all connections taken waits for the first that is free. Prints one JSON line. Speaks just enough HTTP/1.1 for the peers.
import { connect } from "node:net";
import { answerEnd } from "./answer-end.mjs";

const settings = JSON.parse(process.argv[2]);
const { url, requests, ratePerSecond, seconds, warmUpSeconds, connections } = settings;
const { hostname, port } = new URL(url);
const texts = requests.map(({ method, path, headers = {}, body }) => {
  const lines = { host: `${hostname}:${port}`, ...headers };
  if (body !== undefined) lines["content-length"] = Buffer.byteLength(body);
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n${body ?? ""}`);
});

const free = [];
const total = Math.round(ratePerSecond * (seconds + warmUpSeconds));
const counted = Math.round(ratePerSecond * seconds);
const latenciesMs = new Float64Array(counted);
const intervalMs = 1_000 / ratePerSecond;
let due = 0;
let sent = 0;
let answered = 0;
let failing = 0;
let broken = 0;
let measured = 0;
let worstLagMs = 0;
let startedAt = 0;
let idleMs = 0;
let lastTurn = 0;
let hasWorked = false;

/** Requests from `sent` to `due` wait for a connection; each knows by its number when it was due. */
function send(connection) {
  hasWorked = true;
  connection.number = sent;
  connection.socket.write(texts[sent % texts.length]);
  sent++;
}

function finish(connection, status) {
  hasWorked = true;
  answered++;
  if (status >= 400) failing++;
  const index = connection.number - (total - counted);
  if (index >= 0) latenciesMs[measured++] = performance.now() - startedAt - connection.number * intervalMs;
  if (sent < due) send(connection);
  else free.push(connection);
}

function open() {
  return new Promise((resolve, reject) => {
    const connection = { socket: connect(Number(port), hostname), number: -1, received: undefined };
    connection.socket.setNoDelay(true);
    connection.socket.once("connect", () => resolve(connection));
    connection.socket.once("error", (error) => {
      broken++;
      reject(error);
    });
    connection.socket.on("data", (chunk) => {
      connection.received = connection.received === undefined ? chunk : Buffer.concat([connection.received, chunk]);
      const end = answerEnd(connection.received);
      if (end === undefined) return;
      connection.received = undefined;
      finish(connection, end.status);
    });
    connection.socket.on("close", () => {
      if (answered < total) broken++;
    });
  });
}

/** Looks at the clock all the time: timers are a millisecond coarse, and the machine has a core for this. */
function pace() {
  const now = performance.now() - startedAt;
  if (!hasWorked) idleMs += now - lastTurn;
  lastTurn = now;
  hasWorked = false;
  const dueNow = Math.min(total, Math.floor(now / intervalMs) + 1);
  if (dueNow > due) worstLagMs = due > total - counted ? Math.max(worstLagMs, now - due * intervalMs) : 0;
  due = dueNow;
  while (sent < due && free.length > 0) send(free.pop());
  const isOver = answered === total || now > (seconds + warmUpSeconds) * 1_000 + 5_000;
  if (!isOver && broken === 0) return setImmediate(pace);
  report();
}

function report() {
  const sorted = latenciesMs.subarray(0, measured).sort();
  const at = (share) => sorted[Math.min(measured - 1, Math.ceil(measured * share) - 1)];
  const latencyMs = { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
  const generator = { worstLagMs, busyShare: 1 - idleMs / lastTurn };
  const counts = { measured, unanswered: total - answered, failing, broken };
  console.log(JSON.stringify({ ratePerSecond, ...counts, latencyMs, generator }));
  process.exit(0);
}

free.push(...(await Promise.all(Array.from({ length: connections }, open))));
startedAt = performance.now();
pace();
