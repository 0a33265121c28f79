import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { bytesOf, digestOf } from "./blob.ts";
import { createBlobCache } from "./blob-cache.ts";
import { makeLayer } from "./layer.ts";
import type { TarEntry } from "./tar/tar-entries.ts";

// Text that compresses, in more than one block of the compressed format.
const lines = Array.from({ length: 40_000 }, (_, index) => `line ${(index * 7919) % 10_007} of ${index % 31}\n`).join(
  "",
);
const entries: readonly TarEntry[] = [
  { kind: "file", path: "app/services/orders.js", bytes: Buffer.from(lines), isExecutable: false },
  { kind: "file", path: "app/app.json", bytes: Buffer.from("{}"), isExecutable: false },
];

describe("a layer", () => {
  test("has the same digest with every version of Node", async () => {
    const { blob, diffId } = await makeLayer(entries, "test");
    assert.equal(diffId, "sha256:819b3ac71704cd3edf781d3b8531d428159b7e28bbe5c58507283661194345b1");
    assert.equal(blob.descriptor.digest, "sha256:18db49b1b13ce0243b2c0fd0f41c4827056478a95f61ac825ca8b627a461ac33");
  });

  test("is a gzip of its archive, smaller than that", async () => {
    const { blob, diffId } = await makeLayer(entries, "test");
    const bytes = await bytesOf(await blob.load());
    assert.equal(digestOf(bytes), blob.descriptor.digest);
    assert.equal(bytes.length, blob.descriptor.size);
    const archive = gunzipSync(bytes);
    assert.equal(digestOf(archive), diffId);
    assert.ok(bytes.length < archive.length / 2);
  });

  test("comes from the cache the second time, and is made anew when what is kept is damaged", async (t) => {
    const dir = await mkdtemp(join(tmpdir(), "tenon-layer-"));
    t.after(() => rm(dir, { recursive: true, force: true }));
    const cache = createBlobCache(dir);
    const first = await makeLayer(entries, "test", cache);
    const second = await makeLayer(entries, "test", cache);
    const content = await second.blob.load();
    assert.ok("file" in content, "not from the cache");
    assert.deepEqual(second.blob.descriptor, first.blob.descriptor);
    await writeFile(content.file, "torn");
    const third = await makeLayer(entries, "test", cache);
    assert.equal(digestOf(await bytesOf(await third.blob.load())), first.blob.descriptor.digest);
  });
});
