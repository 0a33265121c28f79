import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstat, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { tarOf, type TarEntry } from "./tar-entries.ts";

const deep = `app/${"folder-of-a-long-name/".repeat(12)}file.js`;
const longName = `app/${"n".repeat(160)}.js`;
const entries: readonly TarEntry[] = [
  { kind: "file", path: "app/main.js", bytes: Buffer.from("main"), isExecutable: false },
  { kind: "file", path: "app/bin/run", bytes: Buffer.alloc(512, "r"), isExecutable: true },
  { kind: "file", path: deep, bytes: Buffer.from("deep"), isExecutable: false },
  { kind: "file", path: longName, bytes: Buffer.from("long"), isExecutable: false },
  { kind: "file", path: "app/größe.txt", bytes: Buffer.from("ü"), isExecutable: false },
  { kind: "link", path: "app/link", target: "bin/run" },
  { kind: "link", path: "app/far", target: `bin/${"t".repeat(150)}` },
  { kind: "directory", path: "tmp", mode: 0o1777 },
];

describe("the archive of a layer", () => {
  test("is read by the system's tar as it was meant", async (t) => {
    const dir = await mkdtemp(join(tmpdir(), "tenon-tar-"));
    t.after(() => rm(dir, { recursive: true, force: true }));
    const file = join(dir, "layer.tar");
    await writeFile(file, tarOf(entries));
    execFileSync("tar", ["-xpf", file, "-C", dir, "--no-same-owner"]);
    for (const entry of entries) {
      const path = join(dir, entry.path);
      if (entry.kind === "file") assert.deepEqual(await readFile(path), Buffer.from(entry.bytes), entry.path);
      if (entry.kind === "link") assert.equal(await readlink(path), entry.target);
    }
    assert.equal((await lstat(join(dir, "app/bin/run"))).mode & 0o7777, 0o755);
    assert.equal((await lstat(join(dir, "app/main.js"))).mode & 0o7777, 0o644);
    assert.equal((await lstat(join(dir, "tmp"))).mode & 0o7777, 0o1777);
    assert.equal((await lstat(join(dir, "app/main.js"))).mtimeMs, 0);
  });

  test("does not depend on the order in which entries come", () => {
    assert.deepEqual(tarOf(entries.toReversed()), tarOf(entries));
  });

  test("names parents before what is in them, each once", () => {
    const names = namesIn(tarOf([entries[1]!, entries[0]!]));
    assert.deepEqual(names, ["app/", "app/bin/", "app/bin/run", "app/main.js"]);
  });
});

/** Of an archive without extended headers. */
function namesIn(archive: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 0; archive[at] !== 0; ) {
    const header = Buffer.from(archive.subarray(at, at + 512));
    names.push(header.subarray(0, header.indexOf(0)).toString());
    const size = Number.parseInt(header.subarray(124, 135).toString(), 8);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return names;
}
