// Starts the in-memory Pub/Sub of conformance/engines/gcp on a free port, and makes topics and subscriptions in it as Terraform would: that of
// TENON_PUBSUB_PEER, else the one that conformance/engines/gcp/build.sh has built.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ServerProcess } from "./server-process.mjs";
import { root } from "./tenon.mjs";

const built = join(root, "tmp/pubsub-peer/pubsub-peer");
const program = process.env.TENON_PUBSUB_PEER ?? (existsSync(built) ? built : undefined);

/** Why tests that need it are skipped; false: it is here. */
export const pubsubPeerMissing =
  program === undefined
    ? "the peer of Pub/Sub is not built (conformance/engines/gcp/build.sh builds it, with Go)"
    : false;

/** @returns {Promise<ServerProcess & { url: string, create(path: string, body?: object): Promise<void> }>} `url` as infra.json has it in `endpoint`. */
export async function startPubsubPeer() {
  const server = await ServerProcess.start("pubsub", {
    command: (port) => [program, "--port", String(port)],
    isReady: async (port) =>
      (await fetch(`http://127.0.0.1:${port}/v1/projects/p/topics/t`).catch(() => undefined)) !== undefined,
  });
  const url = `http://127.0.0.1:${server.port}`;
  return Object.assign(server, {
    url,
    /** What is there already stays as it is. `path`: "projects/p/topics/t". */
    async create(path, body = {}) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/v1/${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
      if (!answer.ok && answer.status !== 409) throw new Error(`${path}: ${await answer.text()}`);
    },
  });
}
