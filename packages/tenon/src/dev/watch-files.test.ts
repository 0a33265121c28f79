// The watcher tells what happened to files, however the editor did it.
import assert from "node:assert/strict";
import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FileChanges } from "./file-changes.ts";
import { watchFiles } from "./watch-files.ts";

/** A save that takes longer, on a machine that stood still meanwhile, is two edits to anybody. */
const longestSaveMs = 200;

interface Watched {
  readonly folder: string;
  /** All batches, as they came. */
  readonly told: readonly FileChanges[];
  /** Waits until the sum of all batches since the last call satisfies `done`. */
  until(done: (seen: FileChanges) => boolean): Promise<FileChanges>;
}

async function watched(context: TestContext): Promise<Watched> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "tenon-watch-")));
  await mkdir(join(folder, "users"));
  await writeFile(join(folder, "users", "users.ts"), "1");
  let seen: FileChanges = { changed: [], created: [], deleted: [] };
  let check = (): void => {};
  const told: FileChanges[] = [];
  const watcher = await watchFiles(
    folder,
    (changes) => {
      told.push(changes);
      for (const kind of ["changed", "created", "deleted"] as const) seen[kind].push(...changes[kind]);
      check();
    },
    (error) => assert.fail(error),
  );
  context.after(async () => {
    watcher.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    told,
    until: (done) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not seen in time: ${JSON.stringify(seen)}`)), 60_000);
        check = () => {
          if (!done(seen)) return;
          clearTimeout(timer);
          check = () => {};
          const result = seen;
          seen = { changed: [], created: [], deleted: [] };
          resolve(result);
        };
        check();
      }),
  };
}

test("an edit, also by writing a new file over the old one, is a change", async (context) => {
  const { folder, until } = await watched(context);
  const file = join(folder, "users", "users.ts");
  await writeFile(file, "22");
  assert.deepEqual((await until((seen) => seen.changed.length > 0)).changed, [file]);
  await writeFile(join(folder, "users", "users.ts.tmp~"), "333");
  await rename(join(folder, "users", "users.ts.tmp~"), file);
  const second = await until((seen) => seen.changed.length > 0);
  assert.deepEqual(second, { changed: [file], created: [], deleted: [] });
});

test("new folders tell the files in them, removed ones too", async (context) => {
  const { folder, until } = await watched(context);
  await mkdir(join(folder, "orders", "deep"), { recursive: true });
  await writeFile(join(folder, "orders", "deep", "orders.ts"), "1");
  const created = await until((seen) => seen.created.length > 0);
  assert.deepEqual(created.created, [join(folder, "orders", "deep", "orders.ts")]);
  await rm(join(folder, "orders"), { recursive: true });
  const deleted = await until((seen) => seen.deleted.length > 0);
  assert.deepEqual(deleted.deleted, [join(folder, "orders", "deep", "orders.ts")]);
});

test("what Tenon and npm write themselves is not told", async (context) => {
  const { folder, until } = await watched(context);
  for (const ignored of [".tenon", "node_modules", "encore.gen", ".git"]) {
    await mkdir(join(folder, ignored));
    await writeFile(join(folder, ignored, "x.ts"), "1");
  }
  await writeFile(join(folder, "last.ts"), "1");
  const seen = await until((changes) => changes.created.length > 0);
  assert.deepEqual(seen, { changed: [], created: [join(folder, "last.ts")], deleted: [] });
});

test("a file that is empty, new or not, is told with what is written next; one that stays so, in the end", async (context) => {
  const { folder, told, until } = await watched(context);
  const file = join(folder, "users", "users.ts");
  let tookMs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; tookMs > longestSaveMs; attempt++) {
    assert.ok(attempt < 50, `it always took ${tookMs} ms`);
    const created = join(folder, "users", `new-${attempt}.ts`);
    const toldBefore = told.length;
    const begunAt = performance.now();
    truncateSync(file);
    writeFileSync(created, "");
    // Longer than it takes for an edit to be told.
    await new Promise((resolve) => setTimeout(resolve, 60));
    appendFileSync(created, "1");
    appendFileSync(file, "22");
    tookMs = performance.now() - begunAt;
    await until((seen) => seen.changed.length > 0 && seen.created.length > 0);
    if (tookMs <= longestSaveMs) {
      assert.deepEqual(told.slice(toldBefore), [{ changed: [file], created: [created], deleted: [] }]);
    }
  }
  await truncate(file);
  assert.deepEqual((await until((seen) => seen.changed.length > 0)).changed, [file]);
});
