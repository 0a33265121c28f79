// A version that declares less waits for the edit at its heels, and for nothing else.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { CutShort } from "./cut-short.ts";
import { PendingChanges } from "./file-changes.ts";

function graph(...services: string[]): Graph {
  const empty = { endpoints: [], calls: [], databases: [], secrets: [] };
  const declared = services.map((name) => ({ name, directory: name, ...empty }));
  return { version: 1, app: { id: "" }, services: declared, databases: [], secrets: [], schemas: {} };
}

const edit = { changed: ["/a.ts"], created: [], deleted: [] };
const [whole, less] = [graph("a", "b"), graph("a")];

test("one that declares as much is served at once, one without an edit at its heels in the end", async () => {
  const cutShort = new CutShort(new PendingChanges(), { isSettling: false });
  assert.equal(await cutShort.check(less, whole), false);
  assert.equal(await cutShort.check(whole, less), false);
});

test("an edit that is told, or that is about to be, makes it obsolete", async () => {
  const pending = new PendingChanges();
  pending.add(edit);
  assert.equal(await new CutShort(pending, { isSettling: false }).check(whole, less), true);
  pending.take();
  let looks = 0;
  const watched = {
    get isSettling() {
      if (++looks === 3) pending.add(edit);
      return true;
    },
  };
  assert.equal(await new CutShort(pending, watched).check(whole, less), true);
});

test("so does one of a moment in which this process stood still and read nothing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-cut-short-"));
  const pending = new PendingChanges();
  const watcher = watch(folder, () => pending.add(edit));
  t.after(async () => {
    watcher.close();
    await rm(folder, { recursive: true, force: true });
  });
  const check = new CutShort(pending, { isSettling: false }).check(whole, less);
  setImmediate(() => {
    writeFileSync(join(folder, "a.ts"), "1");
    const until = performance.now() + 200;
    while (performance.now() < until);
  });
  assert.equal(await check, true);
});
