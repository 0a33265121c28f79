// The short form of bench/objects: an object that is larger than what the process may take streams in and out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measureMemory } from "./measure-memory.mjs";

const sizeMiB = 160;
/** Less than the object and nothing else would take. */
const mostBytes = 150 * 1024 * 1024;

for (const store of ["files", "s3", "gateway"]) {
  test(`${sizeMiB} MiB stream through ${store} in bounded memory`, async () => {
    const [into, out] = await measureMemory(store, sizeMiB);
    assert.equal(into.md5, out.md5);
    for (const { step, rssBytes } of [into, out]) assert.ok(rssBytes < mostBytes, `${step}: ${rssBytes} bytes`);
  });
}
