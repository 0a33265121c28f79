// Starts `redis-server` (Debian's package of that name) on a free port with every write on disk before it is answered, as messages need
// it, for tests that need the real one.
import { connect } from "node:net";
import { findProgram, ServerProcess } from "./server-process.mjs";

const program = findProgram("redis-server");

/** Why tests that need it are skipped; false: it is here. */
export const redisServerMissing =
  program === undefined ? "redis-server is not installed (apt-get install redis-server)" : false;

const durable = { appendonly: "yes", appendfsync: "always" };

/**
 * `settings` of redis.conf go before the durable ones: `{ appendonly: "no" }`.
 * @returns {Promise<ServerProcess & { url: string }>} `url` as infra.json has it in `url`.
 */
export async function startRedisServer(settings = {}) {
  const flags = Object.entries({ save: "", ...durable, ...settings }).flatMap(([name, value]) => [`--${name}`, value]);
  const server = await ServerProcess.start("redis", {
    command: (port, dataDir) => [program, "--bind", "127.0.0.1", "--port", String(port), "--dir", dataDir, ...flags],
    isReady: answers,
  });
  return Object.assign(server, { url: `redis://127.0.0.1:${server.port}` });
}

/** Until it has read its data it answers -LOADING. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
    socket.setTimeout(1_000);
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (bytes) => finish(bytes.toString().startsWith("+PONG")));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
