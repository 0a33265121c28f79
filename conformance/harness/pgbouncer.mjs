// Starts `pgbouncer` (Debian's package of that name) in transaction mode before one database: a session of the server is somebody else's with
// the next transaction.
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { findProgram, ServerProcess } from "./server-process.mjs";

const program = findProgram("pgbouncer");

/** Why tests that need it are skipped; false: it is here. */
export const pgBouncerMissing =
  program === undefined ? "pgbouncer is not installed (apt-get install pgbouncer)" : false;

/** Fewer than those who come, so that sessions change hands. */
const sessions = 2;

/**
 * @param {string} connectionString of the database, by host and port
 * @returns {Promise<ServerProcess & { connectionString: string }>} by way of it
 */
export async function startPgBouncer(connectionString) {
  const url = new URL(connectionString);
  const server = await ServerProcess.start("pgbouncer", {
    command: (port, dataDir) => [program, writeSettings(port, dataDir, url)],
    isReady: accepts,
  });
  return Object.assign(server, { connectionString: `postgres://anybody@127.0.0.1:${server.port}${url.pathname}` });
}

/** @returns its file */
function writeSettings(port, dataDir, { hostname, port: serverPort, username, password, pathname }) {
  const file = join(dataDir, "pgbouncer.ini");
  const database = pathname.slice(1);
  writeFileSync(
    file,
    `[databases]
${database} = host=${hostname} port=${serverPort} dbname=${database} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${sessions}
${process.getuid?.() === 0 ? "user = nobody\n" : ""}`,
  );
  return file;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const finish = (isOpen) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
