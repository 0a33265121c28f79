// Starts `nats-server` (Debian's package of that name) with JetStream on a free port, for tests that need the real one.
import { connect } from "node:net";
import { findProgram, ServerProcess } from "./server-process.mjs";

const program = findProgram("nats-server");

/** Why tests that need it are skipped; false: it is here. */
export const natsServerMissing =
  program === undefined ? "nats-server is not installed (apt-get install nats-server)" : false;

/** @returns {Promise<ServerProcess & { url: string }>} `url` as infra.json has it in `servers`. */
export async function startNatsServer() {
  const server = await ServerProcess.start("nats", {
    command: (port, dataDir) => [program, "-a", "127.0.0.1", "-p", String(port), "-js", "-sd", dataDir],
    isReady: greets,
  });
  return Object.assign(server, { url: `nats://127.0.0.1:${server.port}` });
}

/** A NATS server speaks first; JetStream has recovered by then. */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.setTimeout(1_000);
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (bytes) => finish(bytes.toString().startsWith("INFO")));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
