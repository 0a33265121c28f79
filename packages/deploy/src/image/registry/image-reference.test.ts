import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseImageReference, pullPlace } from "./image-reference.ts";

const digest = `sha256:${"0a".repeat(32)}`;

describe("the name of an image", () => {
  const cases: readonly [string, string | undefined, string, string | undefined, string | undefined][] = [
    ["shop", undefined, "shop", undefined, undefined],
    ["shop/orders:1.2", undefined, "shop/orders", "1.2", undefined],
    ["ghcr.io/acme/shop:latest", "ghcr.io", "acme/shop", "latest", undefined],
    ["localhost:5000/shop", "localhost:5000", "shop", undefined, undefined],
    ["localhost/shop:a", "localhost", "shop", "a", undefined],
    [`node:24-slim@${digest}`, undefined, "node", "24-slim", digest],
  ];
  for (const [text, registry, repository, tag, of] of cases) {
    test(text, () => assert.deepEqual(parseImageReference(text), { registry, repository, tag, digest: of }));
  }

  for (const text of [
    "",
    "Shop",
    "shop:",
    "shop/:1",
    "shop@sha256:12",
    "ghcr.io/",
    "a//b",
    "shop:with space",
    `a@${digest}@${digest}`,
  ]) {
    test(`"${text}" is none`, () =>
      assert.throws(() => parseImageReference(text), { code: "image_reference_invalid" }));
  }

  test("without a registry is on Docker Hub, whose own images are in library", () => {
    assert.deepEqual(pullPlace(parseImageReference("node:24")), { registry: "docker.io", repository: "library/node" });
    assert.deepEqual(pullPlace(parseImageReference("acme/shop")), { registry: "docker.io", repository: "acme/shop" });
    assert.deepEqual(pullPlace(parseImageReference("docker.io/acme/shop")), {
      registry: "docker.io",
      repository: "acme/shop",
    });
    assert.deepEqual(pullPlace(parseImageReference("ghcr.io/a/b")), { registry: "ghcr.io", repository: "a/b" });
  });
});
