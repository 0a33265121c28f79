import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BaseImage } from "./base/base-image.ts";
import { type Blob, blobOf, bytesOf } from "./blob.ts";
import { imageOf, imageVariant } from "./image.ts";
import { makeLayer } from "./layer.ts";
import { parsePlatform } from "./platform.ts";

const layer = await makeLayer(
  [{ kind: "file", path: "app/main.js", bytes: Buffer.from("1"), isExecutable: false }],
  "ours",
);

function baseFor(platform: string): BaseImage {
  const blob = blobOf("application/vnd.docker.image.rootfs.diff.tar.gzip", Buffer.from(platform));
  return {
    platform: parsePlatform(platform),
    layers: [{ blob, diffId: `sha256:${"b".repeat(64)}` }],
    history: [{ created_by: "base" }],
    env: ["PATH=/usr/bin", "LANG=C.UTF-8", "NODE_ENV=development"],
    labels: { maintainer: "base" },
    nodeFolder: "/nodejs/bin",
  };
}

const command = { arguments: ["start", "--services", "orders"], labels: { b: "2", a: "1" } };

describe("an image", () => {
  test("is put on its base: layers, history, environment and labels of both", async () => {
    const variant = imageVariant(baseFor("linux/amd64"), [layer], command);
    const config = await json(variant.config);
    assert.deepEqual(config.rootfs.diff_ids, [`sha256:${"b".repeat(64)}`, layer.diffId]);
    assert.deepEqual(config.history, [{ created_by: "base" }, { created_by: "ours" }]);
    assert.deepEqual(config.config.Env, [
      "PATH=/nodejs/bin:/usr/bin",
      "LANG=C.UTF-8",
      "NODE_ENV=production",
      "PORT=8080",
      "TENON_INTERNAL_PORT=8081",
    ]);
    assert.deepEqual(config.config.Labels, { a: "1", b: "2", maintainer: "base" });
    assert.equal(config.config.User, "65532:65532");
    assert.deepEqual(config.config.Entrypoint, ["node", "main.js"]);
    assert.deepEqual(config.config.Cmd, command.arguments);
    assert.equal(config.created, undefined);
    const manifest = await json(variant.manifest);
    assert.deepEqual(
      manifest.layers.map(({ mediaType }: { mediaType: string }) => mediaType),
      ["application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.oci.image.layer.v1.tar+gzip"],
    );
    assert.equal(manifest.config.digest, variant.config.descriptor.digest);
  });

  test("says when it was made if it is told to", async () => {
    const created = "2026-11-23T00:00:00Z";
    const config = await json(imageVariant(baseFor("linux/amd64"), [layer], { ...command, created }).config);
    assert.equal(config.created, created);
  });

  test("for one platform is its manifest, for several an index of theirs", async () => {
    const [amd64, arm64] = ["linux/amd64", "linux/arm64"].map((one) => imageVariant(baseFor(one), [layer], command));
    assert.equal(imageOf("one", [amd64!]).root, amd64!.manifest);
    const { root } = imageOf("two", [amd64!, arm64!]);
    assert.equal(root.descriptor.mediaType, "application/vnd.oci.image.index.v1+json");
    assert.deepEqual((await json(root)).manifests, [
      { ...amd64!.manifest.descriptor, platform: { os: "linux", architecture: "amd64" } },
      { ...arm64!.manifest.descriptor, platform: { os: "linux", architecture: "arm64" } },
    ]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: documents of the OCI formats, whose values the assertions compare
async function json(blob: Blob): Promise<any> {
  return JSON.parse(Buffer.from(await bytesOf(await blob.load())).toString());
}
