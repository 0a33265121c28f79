import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bytesOf } from "./blob.ts";
import { buildLayers } from "./build-layers.ts";
import type { Layer } from "./layer.ts";

describe("the layers of a build", { skip: process.platform === "win32" }, () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-layers-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const build = async (files: Readonly<Record<string, string>>) => {
    const buildDir = await mkdtemp(join(dir, "build-"));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(buildDir, path)), { recursive: true });
      await writeFile(join(buildDir, path), text);
    }
    return buildDir;
  };
  const files = {
    "main.js": "main",
    "package.json": "{}",
    "app.json": "{}",
    "runtime/main.js": "runtime",
    "services/orders.js": "orders",
    "node_modules/sharp/index.js": "sharp",
  };

  test("are the runtime, the packages and the code, below /app", async () => {
    const layers = await buildLayers(await build(files));
    assert.deepEqual(await Promise.all(layers.map(filesIn)), [
      ["app/main.js", "app/package.json", "app/runtime/main.js"],
      ["app/node_modules/sharp/index.js"],
      ["app/app.json", "app/services/orders.js"],
    ]);
  });

  test("that are not concerned stay the same when code changes", async () => {
    const before = await buildLayers(await build(files));
    const after = await buildLayers(await build({ ...files, "services/orders.js": "changed" }));
    const isSame = before.map(({ diffId }, index) => diffId === after[index]!.diffId);
    assert.deepEqual(isSame, [true, true, false]);
  });

  test("keep whether a file may be run, and links within", async () => {
    const buildDir = await build({ ...files, "node_modules/tool/run": "#!" });
    await chmod(join(buildDir, "node_modules/tool/run"), 0o700);
    await symlink("tool/run", join(buildDir, "node_modules/run"));
    const listing = await list((await buildLayers(buildDir))[1]!);
    assert.match(listing, /^-rwxr-xr-x 0\/0 +\d+ \S+ \S+ app\/node_modules\/tool\/run$/m);
    assert.match(listing, /^l.* app\/node_modules\/run -> tool\/run$/m);
  });

  test("refuse what means something else in an image, or lies outside", async () => {
    const refused = (message: RegExp) => ({ code: "image_content_invalid", message });
    await assert.rejects(buildLayers(await build({ ...files, "files/.wh.index.html": "" })), refused(/\.wh\./));
    const buildDir = await build(files);
    await symlink(dir, join(buildDir, "files"));
    await assert.rejects(buildLayers(buildDir), refused(/a place of this machine/));
  });
});

async function filesIn(layer: Layer): Promise<string[]> {
  const names = (await list(layer))
    .trim()
    .split("\n")
    .map((line) => line.split(" ").at(-1)!);
  return names.filter((name) => !name.endsWith("/"));
}

/** By the system's tar. */
async function list({ blob }: Layer): Promise<string> {
  const input = await bytesOf(await blob.load());
  return execFileSync("tar", ["-tvzf", "-", "--numeric-owner"], { input, encoding: "utf8" });
}
