import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { testBase } from "../base/test-base.test.support.ts";
import { type Image, imageOf, imageVariant } from "../image.ts";
import { makeLayer } from "../layer.ts";
import { parsePlatform } from "../platform.ts";
import { writeArchive } from "./write-archive.ts";
import { writeLayout } from "./write-layout.ts";

describe("images on disk", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-output-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  test("are the same in an archive and in a folder, with what both share once", async () => {
    const images = [
      await image("shop/a:1", "a", "linux/amd64"),
      await image("shop/b:1", "b", "linux/amd64", "linux/arm64"),
    ];
    const [archive, layout, unpacked] = ["images.tar", "layout", "unpacked"].map((name) => join(dir, name));
    await writeArchive(archive!, images);
    await writeLayout(layout!, images);
    await mkdir(unpacked!);
    execFileSync("tar", ["-xf", archive!, "-C", unpacked!]);
    const files = (await readdir(layout!, { recursive: true })).sort();
    assert.deepEqual((await readdir(unpacked!, { recursive: true })).sort(), files);
    // Two bases, two layers of code, three configurations, three manifests and an index.
    assert.equal((await readdir(join(layout!, "blobs/sha256"))).length, 11);
    const index = JSON.parse(await readFile(join(layout!, "index.json"), "utf8"));
    assert.deepEqual(index.manifests, [
      { ...images[0]!.root.descriptor, platform: parsePlatform("linux/amd64"), annotations: named("shop/a:1") },
      { ...images[1]!.root.descriptor, annotations: named("shop/b:1") },
    ]);
    const forDocker = JSON.parse(await readFile(join(unpacked!, "manifest.json"), "utf8"));
    assert.deepEqual(
      forDocker.map(({ RepoTags }: { RepoTags: string[] }) => RepoTags),
      [["shop/a:1"], ["shop/b:1"]],
    );
    for (const { Config, Layers } of forDocker)
      for (const path of [Config, ...Layers]) assert.ok(files.includes(path), path);
  });

  test("replace those of before, and nothing else", async () => {
    const layout = join(dir, "again");
    await writeLayout(layout, [await image("shop:1", "old", "linux/amd64")]);
    const before = await readdir(join(layout, "blobs/sha256"));
    await writeLayout(layout, [await image("shop:1", "new", "linux/amd64")]);
    const now = await readdir(join(layout, "blobs/sha256"));
    assert.equal(now.length, before.length);
    assert.notDeepEqual(now, before);
    const other = join(dir, "other");
    await mkdir(other);
    await writeFile(join(other, "thesis.txt"), "");
    await assert.rejects(writeLayout(other, []), { code: "output_not_replaceable" });
    assert.deepEqual(await readdir(other), ["thesis.txt"]);
  });
});

function named(name: string) {
  return { "org.opencontainers.image.ref.name": name };
}

async function image(name: string, code: string, ...platforms: string[]): Promise<Image> {
  const layer = await makeLayer(
    [{ kind: "file", path: "app/main.js", bytes: Buffer.from(code), isExecutable: false }],
    "ours",
  );
  const command = { arguments: ["start"], labels: { code } };
  return imageOf(
    name,
    platforms.map((platform) => imageVariant(testBase(parsePlatform(platform)), [layer], command)),
  );
}
