// Streams an object in and out of each store, each step in a process of its own, and gives what they took.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { credentials, openDevEndpoint, openFiles } from "./open-stores.mjs";

const program = fileURLToPath(new URL("stream-through.mjs", import.meta.url));

/**
 * @param {"files" | "s3"} store
 * @param {number} sizeMiB
 * @returns {Promise<{ store: string, sizeMiB: number, step: string, md5: string, seconds: number, rssBytes: number }[]>}
 */
export async function measureMemory(store, sizeMiB) {
  const opened = await (store === "files" ? openFiles() : openDevEndpoint());
  const own = { endpoint: opened.url, region: "eu-central-1", bucketName: "plain", ...credentials };
  const config =
    store === "files"
      ? { kind: "files", directory: opened.directory, baseUrl: "", signingKey: "x" }
      : { kind: "s3", buckets: { plain: own } };
  try {
    const results = [];
    for (const step of ["in", "out"]) results.push({ store, sizeMiB, ...(await run(config, step, sizeMiB)) });
    return results;
  } finally {
    await opened.close();
  }
}

async function run(config, step, sizeMiB) {
  const child = fork(program, [JSON.stringify(config), step, String(sizeMiB)]);
  return await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
  });
}
