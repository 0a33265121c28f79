// What happens to files that Tenon made, files a person has changed, and files nobody needs any more.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { GeneratedFile } from "./generated-file.ts";
import { planFiles } from "./plan-files.ts";
import { writeFiles } from "./write-files.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tenon-files-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = (path: string, text: string, more: Partial<GeneratedFile> = {}): GeneratedFile => ({
  path,
  text,
  ...more,
});
const read = (path: string) => readFileSync(join(dir, path), "utf8");

/** What would be done, and then does it. */
async function write(...files: GeneratedFile[]): Promise<string[]> {
  const plan = await planFiles(dir, files);
  await writeFiles(dir, "test", files, plan);
  return plan.map(({ path, action }) => `${action} ${path}`);
}

describe("files of a target", () => {
  it("are written, left when they are the same, and written again when Tenon has new ones", async () => {
    assert.deepEqual(await write(file("a/b.yaml", "1\n"), file("c.sh", "x\n", { isExecutable: true })), [
      "create a/b.yaml",
      "create c.sh",
    ]);
    assert.deepEqual(await write(file("a/b.yaml", "1\n"), file("c.sh", "y\n")), ["leave a/b.yaml", "update c.sh"]);
    assert.equal(read("c.sh"), "y\n");
  });

  it("are kept when a person has changed them", async () => {
    await write(file("a.yaml", "1\n"));
    writeFileSync(join(dir, "a.yaml"), "mine\n");
    assert.deepEqual(await write(file("a.yaml", "1\n")), ["keep a.yaml"]);
    assert.equal(read("a.yaml"), "mine\n");
    assert.deepEqual(await write(file("a.yaml", "2\n")), ["beside a.yaml"]);
    assert.equal(read("a.yaml"), "mine\n");
    assert.equal(read("a.yaml.new"), "2\n");
    assert.deepEqual(await write(file("a.yaml", "2\n")), ["keep a.yaml"], "told once");
  });

  it("are not written over where nobody knows who wrote them", async () => {
    writeFileSync(join(dir, "a.yaml"), "older\n");
    assert.deepEqual(await write(file("a.yaml", "1\n")), ["beside a.yaml"]);
    assert.equal(read("a.yaml"), "older\n");
  });

  it("are the user's after the first time where they say so", async () => {
    await write(file("mine.yaml", "1\n", { isUsers: true }));
    writeFileSync(join(dir, "mine.yaml"), "mine\n");
    assert.deepEqual(await write(file("mine.yaml", "2\n", { isUsers: true })), ["keep mine.yaml"]);
    assert.deepEqual(await write(), [], "not removed either");
    assert.equal(read("mine.yaml"), "mine\n");
  });

  it("are removed when nothing needs them, but for those that a person has changed", async () => {
    await write(file("old.yaml", "1\n"), file("older.yaml", "1\n"));
    writeFileSync(join(dir, "older.yaml"), "mine\n");
    assert.deepEqual(await write(), ["remove old.yaml", "orphan older.yaml"]);
    assert.equal(existsSync(join(dir, "old.yaml")), false);
    assert.equal(read("older.yaml"), "mine\n");
  });
});
