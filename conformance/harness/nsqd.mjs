// Starts `nsqd` on free ports, for tests that need the real one: that of TENON_NSQD, an installed one, or one that
// conformance/engines/build-nsqd.sh has built. Debian has none.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";
import { findProgram, ServerProcess } from "./server-process.mjs";
import { root } from "./tenon.mjs";

const built = join(root, "tmp/nsqd/nsqd");
const program = process.env.TENON_NSQD ?? findProgram("nsqd") ?? (existsSync(built) ? built : undefined);

/** Why tests that need it are skipped; false: it is here. */
export const nsqdMissing =
  program === undefined ? "nsqd is not installed (conformance/engines/build-nsqd.sh builds it, with Go)" : false;

/** @returns {Promise<ServerProcess & { host: string, httpHost: string, end(): Promise<void> }>} as infra.json has them. */
export async function startNsqd(...options) {
  const httpPort = await freePort();
  const httpHost = `127.0.0.1:${httpPort}`;
  const server = await ServerProcess.start("nsqd", {
    command: (port, dataDir) => [
      program,
      `--tcp-address=127.0.0.1:${port}`,
      `--http-address=${httpHost}`,
      "--broadcast-address=127.0.0.1",
      `--data-path=${dataDir}`,
      "--log-level=warn",
      ...options,
    ],
    isReady: async () => {
      const answer = await fetch(`http://${httpHost}/ping`).catch(() => undefined);
      return answer?.ok;
    },
  });
  return Object.assign(server, {
    host: `127.0.0.1:${server.port}`,
    httpHost,
    /** As an operator does: it writes down what it has in its memory. */
    async end() {
      server.signal("SIGTERM");
      await server.exited;
    },
  });
}
