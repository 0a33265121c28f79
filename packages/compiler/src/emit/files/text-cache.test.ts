import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryApp } from "../../testing-app.test.support.ts";
import { createTextCache } from "./text-cache.ts";

const never = async () => assert.fail("made again");

test("a text is found after a restart, with the same settings alone", async (t) => {
  const dir = await temporaryApp(t, {});
  const cache = createTextCache<string[]>(dir, "1");
  assert.equal(await cache.sourceOf("users"), null);
  const made = await cache.put("users", ["a.ts"], "text");
  await cache.save();

  const restarted = createTextCache<string[]>(dir, "1");
  assert.deepEqual(await restarted.sourceOf("users"), ["a.ts"]);
  const found = await restarted.find("users", never);
  assert.equal(found.hash, made.hash);
  assert.equal(await found.read(), "text");
  assert.equal(await createTextCache(dir, "2").sourceOf("users"), null);
});

test("a text that was lost or damaged is made again; a damaged index is as good as none", async (t) => {
  const dir = await temporaryApp(t, {});
  const cache = createTextCache<number>(dir, "1");
  await cache.put("users", 1, "text");
  await cache.save();
  const again = async () => "made again";
  await writeFile(join(dir, "users.txt"), "tex");
  assert.equal(await (await cache.find("users", again)).read(), "made again");
  await rm(join(dir, "users.txt"));
  assert.equal(await (await cache.find("users", again)).read(), "made again");
  for (const text of [
    '{"settingsKey":"1","entr',
    '{"settingsKey":"1"}',
    '{"settingsKey":"1","entries":[7]}',
    "null",
    "",
  ]) {
    await writeFile(join(dir, "index.json"), text);
    assert.equal(await createTextCache(dir, "1").sourceOf("users"), null, text);
  }
});
