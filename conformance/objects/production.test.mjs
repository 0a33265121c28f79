// A production build of the app with buckets: objects in S3, at Azure, at Google, and in a folder of the machine, by infra.json alone.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "../harness/app-copy.mjs";
import { startBuild } from "../harness/start.mjs";
import { runTenon } from "../harness/tenon.mjs";
import { noAzurite, startAzurite } from "./azurite.mjs";
import { noGcsPeer, startGcsPeer } from "./gcs-peer.mjs";
import { buckets, credentials, openDevEndpoint } from "./open-stores.mjs";

describe("tenon start", () => {
  let copy;
  let folder;
  before(async () => {
    copy = await copyApp("conformance/apps/objects");
    folder = await mkdtemp(join(tmpdir(), "tenon-objects-"));
    const { code, stdout, stderr } = await runTenon(["build", copy.dir]);
    assert.equal(code, 0, stdout + stderr);
  });
  after(async () => {
    await copy?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function startWith(store, environment = {}) {
    const infra = join(folder, "infra.json");
    await writeFile(infra, JSON.stringify({ object_storage: [store] }));
    const app = await startBuild(join(copy.dir, ".tenon", "build"), {
      cwd: copy.dir,
      env: { TENON_INFRA: infra, ...environment },
    });
    const ask = async (path, body) => {
      const answer = await fetch(app.gateway + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
      return await answer.json();
    };
    return { app, ask };
  }

  async function checkBuckets({ ask }) {
    const { attrs } = await ask("/put", { name: "dir/ü.txt", text: "content" });
    assert.equal(attrs.size, 7);
    const { text, attrs: seen } = await ask("/get", { name: "dir/ü.txt" });
    assert.deepEqual([text, seen.etag, seen.contentType], ["content", attrs.etag, "text/plain"]);
    assert.deepEqual((await ask("/list", { prefix: "dir/" })).names, ["dir/ü.txt"]);
  }

  test("keeps objects in an S3-compatible store", async () => {
    const declared = ["files", "pictures"].map((name) => ({ ...buckets[0], name }));
    const endpoint = await openDevEndpoint(declared);
    const { app, ask } = await startWith({
      type: "s3",
      region: "eu-central-1",
      endpoint: endpoint.url,
      access_key_id: credentials.accessKeyId,
      secret_access_key: credentials.secretAccessKey,
      buckets: { files: {}, pictures: { key_prefix: "p/", public_base_url: "https://cdn.example" } },
    });
    try {
      await checkBuckets({ ask });
      assert.equal((await ask("/picture", { name: "a.png" })).url, "https://cdn.example/p/a.png");
      const { upload, download } = await ask("/links", { name: "by url" });
      assert.equal((await fetch(upload, { method: "PUT", body: "outside" })).status, 200);
      assert.equal(await (await fetch(download)).text(), "outside");
    } finally {
      await app.stop();
      await endpoint.close();
    }
  });

  test("keeps objects in Azure Blob Storage", { skip: noAzurite }, async () => {
    const { place, stop } = await startAzurite(["files", "photos"]);
    const { app, ask } = await startWith({
      type: "azure_blob",
      account: place.account,
      account_key: place.accountKey,
      endpoint: place.endpoint,
      buckets: { files: {}, pictures: { name: "photos", public_base_url: "https://cdn.example" } },
    });
    try {
      await checkBuckets({ ask });
      assert.equal((await ask("/picture", { name: "a.png" })).url, "https://cdn.example/a.png");
      const { upload, download } = await ask("/links", { name: "by url" });
      const headers = { "x-ms-blob-type": "BlockBlob" };
      assert.equal((await fetch(upload, { method: "PUT", body: "outside", headers })).status, 201);
      assert.equal(await (await fetch(download)).text(), "outside");
    } finally {
      await app.stop();
      await stop();
    }
  });

  test("keeps objects in Google Cloud Storage, as a service account", { skip: noGcsPeer }, async () => {
    const declared = ["files", "photos"].map((name) => ({ ...buckets[0], name }));
    const { endpoint, credentialsFile, stop } = await startGcsPeer(declared);
    const store = { type: "gcs", endpoint, buckets: { files: {}, pictures: { name: "photos", key_prefix: "p/" } } };
    const { app, ask } = await startWith(store, { GOOGLE_APPLICATION_CREDENTIALS: credentialsFile });
    try {
      await checkBuckets({ ask });
      const { upload, download } = await ask("/links", { name: "by url" });
      assert.equal((await fetch(upload, { method: "PUT", body: "outside" })).status, 200);
      assert.equal(await (await fetch(download)).text(), "outside");
    } finally {
      await app.stop();
      await stop();
    }
  });

  test("keeps objects in a folder, and serves their URLs", async () => {
    const store = {
      type: "files",
      directory: join(folder, "objects"),
      base_url: "http://placeholder",
      signing_key: "a key that nobody guesses",
    };
    const { app, ask } = await startWith(store);
    try {
      await checkBuckets({ ask });
      const { upload, download } = await ask("/links", { name: "by url" });
      const here = (url) => url.replace("http://placeholder", app.gateway);
      assert.equal((await fetch(here(upload), { method: "PUT", body: "outside" })).status, 200);
      const part = await fetch(here(download), { headers: { range: "bytes=3-" } });
      assert.deepEqual([part.status, await part.text()], [206, "side"]);
    } finally {
      await app.stop();
    }
  });
});
