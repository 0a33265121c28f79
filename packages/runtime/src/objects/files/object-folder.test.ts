// What a folder of one object promises: writers agree without a lock, nothing half done can be seen, and what killed processes leave goes away.
import assert from "node:assert/strict";
import { unlinkSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { randomUUID } from "node:crypto";
import { ObjectFolder, Overtaken } from "./object-folder.ts";
import type { StoredObject } from "./stored-object.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tenon-object-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const folderOf = (isVersioned = false) => new ObjectFolder(join(root, "one"), isVersioned);

async function put(folder: ObjectFolder, text: string, allow?: (before: StoredObject | undefined) => void) {
  const data = join(root, randomUUID());
  await writeFile(data, text);
  const object: StoredObject = { name: "one", size: text.length, etag: text, version: randomUUID(), modifiedAtMs: 0 };
  await folder.put(object, data, allow);
  return object;
}

describe("ObjectFolder", () => {
  it("shows the last that was put, and keeps no bytes of those before", async () => {
    const folder = folderOf();
    await put(folder, "first");
    const second = await put(folder, "second");
    assert.deepEqual(await folder.current(), second);
    assert.equal(await readFile(folder.dataOf(second), "utf8"), "second");
    assert.deepEqual((await readdir(folder.path)).sort(), [second.version, "at-2"].sort());
  });

  it("lets exactly one of many writers win who insist on what they have seen", async () => {
    const folder = folderOf();
    await put(folder, "0");
    for (let round = 1; round <= 20; round++) {
      const seen = (await folder.current())!.etag;
      const insist = (before: StoredObject | undefined) => {
        if (before?.etag !== seen) throw new Error("changed");
      };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, writer) => put(folderOf(), `${round}-${writer}`, insist)),
      );
      const won = outcomes.filter(({ status }) => status === "fulfilled");
      assert.equal(won.length, 1);
      assert.deepEqual(await folder.current(), (won[0] as PromiseFulfilledResult<StoredObject>).value);
    }
    assert.equal((await readdir(folder.path)).length, 2);
  });

  it("keeps versions where they are wanted, also of what was removed", async () => {
    const folder = folderOf(true);
    const first = await put(folder, "first");
    const second = await put(folder, "second");
    await folder.remove();
    assert.equal(await folder.current(), undefined);
    assert.deepEqual(await folder.version(first.version), first);
    assert.deepEqual(await folder.version(second.version), second);
    await folder.removeVersion(first.version);
    assert.equal(await folder.version(first.version), undefined);
    assert.equal(await folder.version("../../etc/passwd"), undefined);
  });

  it("removing the version that is current leaves none", async () => {
    const folder = folderOf(true);
    const first = await put(folder, "first");
    const second = await put(folder, "second");
    await folder.removeVersion(second.version);
    assert.equal(await folder.current(), undefined);
    assert.deepEqual(await folder.version(first.version), first);
  });

  it("the bytes of a writer that was killed are not seen and go with a later write", async () => {
    const folder = folderOf();
    const first = await put(folder, "first");
    const orphan = join(folder.path, randomUUID());
    await writeFile(orphan, "half");
    await put(folder, "second");
    assert.ok((await readdir(folder.path)).includes(orphan.split("/").at(-1)!), "it may still be on its way");
    const longAgo = new Date(Date.now() - 48 * 3_600_000);
    await utimes(orphan, longAgo, longAgo);
    const third = await put(folder, "third");
    assert.deepEqual(await folder.current(), third);
    assert.notEqual(third.version, first.version);
    assert.equal((await readdir(folder.path)).length, 2);
  });

  it("the note of a removal goes only when nobody can hold its number any more", async () => {
    const folder = folderOf();
    await put(folder, "first");
    await folder.remove();
    await folder.removeIfGone(Date.now());
    assert.deepEqual(await readdir(folder.path), ["at-2"]);
    await folder.removeIfGone(Date.now() + 48 * 3_600_000);
    assert.deepEqual(await readdir(root), []);
  });

  for (const isVersioned of [false, true]) {
    it(`a writer that stood still takes no number that others have used, ${isVersioned ? "with" : "without"} versions`, async () => {
      const folder = folderOf(isVersioned);
      const first = await put(folder, "first");
      let isPaused = false;
      const insist = (before: StoredObject | undefined) => {
        if (before?.etag !== first.etag) throw new Error("changed");
        if (isPaused) return;
        isPaused = true;
        // Between this look and the claim, which in this process nothing asynchronous can come between.
        writeFileSync(join(folder.path, "at-3"), JSON.stringify({ ...first, etag: "third", version: randomUUID() }));
        unlinkSync(join(folder.path, "at-1"));
      };
      await assert.rejects(put(folder, "late", insist), isVersioned ? /changed/ : Overtaken);
      assert.equal((await folder.current())?.etag, "third");
      assert.deepEqual(
        (await readdir(folder.path)).filter((name) => name.startsWith("at-")),
        ["at-3"],
      );
    });
  }

  it("keeps the bytes of what has become the object when tidying up fails", async () => {
    const folder = folderOf();
    await put(folder, "first");
    await put(folder, "second");
    // No description: it can neither be read nor removed.
    await mkdir(join(folder.path, "at-1"));
    const third = await put(folder, "third");
    assert.deepEqual(await folder.current(), third);
    assert.equal(await readFile(folder.dataOf(third), "utf8"), "third");
  });
});
