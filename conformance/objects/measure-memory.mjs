// Streams an object in and out of each store, each step in a process of its own, or through the URLs of a gateway in one, and gives what that
// process took.
import { fork } from "node:child_process";
import { once } from "node:events";
import { get, request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { largeData, md5Of } from "./large-data.mjs";
import { credentials, openDevEndpoint, openFiles } from "./open-stores.mjs";

/**
 * @param {"files" | "s3" | "gateway"} store
 * @param {number} sizeMiB
 * @returns {Promise<{ store: string, sizeMiB: number, step: string, md5: string, seconds: number, rssBytes: number }[]>}
 */
export async function measureMemory(store, sizeMiB) {
  const results = await (store === "gateway" ? throughGateway(sizeMiB) : throughStore(store, sizeMiB));
  return results.map((result) => ({ store, sizeMiB, ...result }));
}

async function throughStore(store, sizeMiB) {
  const opened = await (store === "files" ? openFiles() : openDevEndpoint());
  const own = { endpoint: opened.url, region: "eu-central-1", bucketName: "plain", ...credentials };
  const config =
    store === "files"
      ? { kind: "files", directory: opened.directory, baseUrl: "", signingKey: "x" }
      : { kind: "remote", buckets: { plain: own } };
  try {
    const results = [];
    for (const step of ["in", "out"]) {
      const child = start("stream-through.mjs", JSON.stringify(config), step, String(sizeMiB));
      results.push(await messageOf(child));
      await once(child, "exit");
    }
    return results;
  } finally {
    await opened.close();
  }
}

async function throughGateway(sizeMiB) {
  const child = start("serve-files.mjs");
  try {
    const { upload, download } = await messageOf(child);
    const results = [];
    const measured = async (step, work) => {
      const startedAt = performance.now();
      const md5 = await work();
      const seconds = (performance.now() - startedAt) / 1000;
      child.send("how much?");
      results.push({ step, md5, seconds, ...(await messageOf(child)) });
    };
    await measured("in", () => put(upload, sizeMiB * 1024 * 1024));
    await measured("out", async () => md5Of(await answered(get(download))));
    return results;
  } finally {
    child.disconnect();
    await once(child, "exit");
  }
}

async function put(url, sizeBytes) {
  const data = largeData(sizeBytes);
  const sent = request(url, { method: "PUT", headers: { "content-length": sizeBytes } });
  const answer = answered(sent);
  await pipeline(Readable.from(data.bytes()), sent);
  (await answer).resume();
  return data.md5();
}

async function answered(sent) {
  const [response] = await once(sent, "response");
  if (response.statusCode !== 200) throw new Error(`the gateway answered ${response.statusCode}`);
  return response;
}

function start(program, ...args) {
  return fork(fileURLToPath(new URL(program, import.meta.url)), args);
}

function messageOf(child) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`the process ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.removeListener("exit", onExit);
      resolve(message);
    });
  });
}
