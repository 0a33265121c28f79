// kill -9 in the middle of an upload: nothing of it can be seen, what was there is still there, and the leftovers go.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Bucket } from "tenon/storage/objects";
import { eventually } from "../harness/eventually.mjs";
import { credentials, openDevEndpoint, openFiles, useS3 } from "./open-stores.mjs";

const program = fileURLToPath(new URL("upload-slowly.mjs", import.meta.url));
const MiB = 1024 * 1024;
const bucket = new Bucket("plain");

describe("an upload whose process is killed", () => {
  test("leaves nothing to be seen in a folder, and no bytes for longer than a day", async () => {
    const files = await openFiles();
    try {
      const config = { kind: "files", directory: files.directory, baseUrl: "", signingKey: "x" };
      await checkKilled(config);
      const incoming = join(files.directory, "plain", ".incoming");
      const left = await readdir(incoming);
      assert.ok(left.length > 0, "the killed processes were in the middle");
      const longAgo = new Date(Date.now() - 25 * 3_600_000);
      for (const name of left) await utimes(join(incoming, name), longAgo, longAgo);
      // Any process tidies up with its first upload.
      const [one] = left;
      await killedUpload(config, "another", 1);
      await eventually("the leftovers to go", async () => !(await readdir(incoming)).includes(one));
    } finally {
      await files.close();
    }
  });

  test("leaves nothing to be seen in S3", async () => {
    const endpoint = await openDevEndpoint();
    const release = useS3(endpoint.url);
    const own = { endpoint: endpoint.url, region: "eu-central-1", bucketName: "plain", ...credentials };
    try {
      await checkKilled({ kind: "remote", buckets: { plain: own } });
    } finally {
      release();
      await endpoint.close();
    }
  });
});

test("processes that are killed while they count lose no number and count none twice", async () => {
  const kills = 8;
  const files = await openFiles();
  const config = JSON.stringify({ kind: "files", directory: files.directory, baseUrl: "", signingKey: "x" });
  let counted = 0;
  let onCount = () => {};
  const startCounting = () => {
    const child = fork(fileURLToPath(new URL("count-up.mjs", import.meta.url)), [config]);
    child.on("message", () => {
      counted++;
      onCount();
    });
    return child;
  };
  const countedMore = (more) => {
    const wanted = counted + more;
    return new Promise((resolve) => {
      onCount = () => counted >= wanted && resolve();
    });
  };
  const children = [];
  try {
    await bucket.upload("count", "0");
    children.push(startCounting(), startCounting());
    for (let kill = 0; kill < kills; kill++) {
      await countedMore(3 + (kill % 4));
      const [killed] = children.splice(0, 1, startCounting());
      killed.kill("SIGKILL");
      await once(killed, "exit");
    }
  } finally {
    for (const child of children) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  }
  const text = (await bucket.download("count")).toString();
  assert.equal(text.length, 300_000);
  const number = Number.parseInt(text, 10);
  // Each that was killed may have counted once more without having told.
  assert.ok(number >= counted && number <= counted + kills + children.length, `${number} after ${counted}`);
  await files.close();
});

async function checkKilled(config) {
  await bucket.upload("there", "before");
  // In the middle of the first part, and behind it.
  for (const sizeBytes of [3 * MiB, 20 * MiB]) {
    for (const name of ["new", "there"]) await killedUpload(config, name, sizeBytes);
    assert.equal(await bucket.exists("new"), false);
    assert.equal((await bucket.download("there")).toString(), "before");
    const names = [];
    for await (const { name } of bucket.list()) names.push(name);
    assert.deepEqual(names, ["there"]);
  }
  await bucket.upload("new", "after");
  assert.equal((await bucket.download("new")).toString(), "after");
  await bucket.remove("new");
}

async function killedUpload(config, name, sizeBytes) {
  const child = fork(program, [JSON.stringify(config), name]);
  const ended = once(child, "exit");
  await new Promise((resolve, reject) => {
    child.on("message", (sent) => sent >= sizeBytes && resolve());
    child.once("exit", (code) => reject(new Error(`the upload ended by itself: ${code}`)));
  });
  child.kill("SIGKILL");
  const [, signal] = await ended;
  assert.equal(signal, "SIGKILL");
}
