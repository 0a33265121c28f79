import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { testBase } from "../base/test-base.test.support.ts";
import { registryBases } from "../base/registry-base.ts";
import { createBlobCache } from "../blob-cache.ts";
import { blobOf, bytesOf, digestOf } from "../blob.ts";
import { type Image, imageOf, imageVariant } from "../image.ts";
import { LAYER_TYPE, makeLayer } from "../layer.ts";
import { parsePlatform } from "../platform.ts";
import { parseImageReference } from "./image-reference.ts";
import { pushImage } from "./push-image.ts";
import { createRegistry, type Registry } from "./registry.ts";
import {
  identityToken,
  type RegistryBehaviour,
  startRegistry,
  type TestRegistry,
  user,
} from "./registry-server.test.support.ts";

const code = await makeLayer(
  [{ kind: "file", path: "app/main.js", bytes: Buffer.from("1"), isExecutable: false }],
  "ours",
);

describe("a registry", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-registry-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const start = async (
    t: TestContext,
    behaviour?: RegistryBehaviour,
  ): Promise<{ server: TestRegistry; registry: Registry }> => {
    const server = await startRegistry(behaviour);
    t.after(() => server.close());
    return { server, registry: open(server) };
  };
  const open = ({ name }: TestRegistry, auths: object = {}) => {
    const environment = { HOME: dir, ...auths };
    return createRegistry({ name, isInsecure: false, environment, pausesMs: [0, 0] });
  };
  const withCredentials = async (server: TestRegistry, { username, password } = user) => {
    const file = join(dir, `auth-${server.name.replace(":", "-")}.json`);
    await writeFile(file, JSON.stringify({ auths: { [server.name]: { username, password } } }));
    return open(server, { REGISTRY_AUTH_FILE: file });
  };

  test("takes an image, and nothing twice", async (t) => {
    const { server, registry } = await start(t);
    const image = await imageFor("linux/amd64");
    const first = await pushImage(registry, "acme/shop", "1", image, new Map());
    assert.equal(first.digest, image.root.descriptor.digest);
    assert.ok(first.sentBytes > 0);
    const stored = server.manifests.get("acme/shop")!.get("1")!;
    assert.equal(stored.type, "application/vnd.oci.image.manifest.v1+json");
    assert.deepEqual(stored.bytes, Buffer.from(await bytesOf(await image.root.load())));
    assert.deepEqual([...server.blobs.get("acme/shop")!.keys()].sort(), blobDigests(image));
    const again = await pushImage(registry, "acme/shop", "2", image, new Map());
    assert.equal(again.sentBytes, 0);
    assert.equal(server.requests.filter((line) => line.startsWith("POST")).length, blobDigests(image).length);
  });

  test("takes an index with the manifest of each platform", async (t) => {
    const { server, registry } = await start(t);
    const image = await imageFor("linux/amd64", "linux/arm64");
    await pushImage(registry, "shop", "1", image, new Map());
    const stored = server.manifests.get("shop")!;
    assert.equal(stored.get("1")!.type, "application/vnd.oci.image.index.v1+json");
    for (const { manifest } of image.variants) assert.ok(stored.has(manifest.descriptor.digest));
  });

  test("takes what a neighbouring repository has from there", async (t) => {
    const { server, registry } = await start(t);
    const image = await imageFor("linux/amd64");
    const known = new Map<string, string>();
    await pushImage(registry, "acme/one", "1", image, known);
    const { sentBytes } = await pushImage(registry, "acme/two", "1", image, known);
    assert.equal(sentBytes, 0);
    assert.deepEqual([...server.blobs.get("acme/two")!.keys()].sort(), blobDigests(image));
  });

  test("that takes no large bodies gets them in chunks", async (t) => {
    const { server, registry } = await start(t, { maxBodyBytes: 16 * 1024 * 1024 });
    const bytes = Buffer.alloc(17 * 1024 * 1024, "0123456789");
    const file = join(dir, "large");
    await writeFile(file, bytes);
    const { descriptor } = blobOf(LAYER_TYPE, bytes);
    const large = { blob: { descriptor, load: async () => ({ file }) }, diffId: digestOf(bytes) };
    const image = imageOf("shop", [imageVariant(testBase(parsePlatform("linux/amd64")), [large], command)]);
    await pushImage(registry, "shop", "1", image, new Map());
    assert.deepEqual(server.blobs.get("shop")!.get(descriptor.digest), bytes);
    assert.equal(server.requests.filter((line) => line.startsWith("PATCH")).length, 2);
  });

  test("that is busy is asked again, and given up at last", async (t) => {
    const failing = { method: "PUT", times: 2 };
    const { server, registry } = await start(t, { failing });
    const image = await imageFor("linux/amd64");
    await pushImage(registry, "shop", "1", image, new Map());
    assert.ok(server.manifests.get("shop")!.has("1"));
    failing.times = 100;
    await assert.rejects(pushImage(registry, "shop", "2", image, new Map()), {
      code: "registry_refused",
      message: /503/,
    });
  });

  test("that is not there is told by its address", async () => {
    const gone = await startRegistry();
    await gone.close();
    const image = await imageFor("linux/amd64");
    await assert.rejects(pushImage(open(gone), "shop", "1", image, new Map()), (error: Error & { code: string }) => {
      assert.equal(error.code, "registry_unreachable");
      assert.ok(error.message.includes(gone.name), error.message);
      return true;
    });
  });

  for (const auth of ["basic", "token"] as const) {
    test(`lets in who has credentials (${auth}), and nobody else`, async (t) => {
      const { server, registry } = await start(t, { auth });
      const image = await imageFor("linux/amd64");
      await assert.rejects(pushImage(registry, "shop", "1", image, new Map()), { code: "registry_unauthorized" });
      const wrong = await withCredentials(server, { username: "ada", password: "wrong" });
      await assert.rejects(pushImage(wrong, "shop", "1", image, new Map()), { code: "registry_unauthorized" });
      await pushImage(await withCredentials(server), "shop", "1", image, new Map());
      assert.ok(server.manifests.get("shop")!.has("1"));
    });
  }

  test("is asked for one token for all requests about a repository", async (t) => {
    const { server } = await start(t, { auth: "token" });
    await pushImage(await withCredentials(server), "shop", "1", await imageFor("linux/amd64"), new Map());
    assert.deepEqual(
      server.tokenRequests.map(({ scopes }) => scopes),
      [["repository:shop:pull,push"]],
    );
  });

  test("takes an identity token in place of a password", async (t) => {
    const { server } = await start(t, { auth: "token" });
    const file = join(dir, "identity.json");
    await writeFile(file, JSON.stringify({ auths: { [server.name]: { identitytoken: identityToken } } }));
    const registry = open(server, { REGISTRY_AUTH_FILE: file });
    await pushImage(registry, "shop", "1", await imageFor("linux/amd64"), new Map());
    assert.deepEqual(server.tokenRequests, [{ scopes: ["repository:shop:pull,push"], authorization: undefined }]);
  });

  test("gives base images: the manifest of each platform, and layers only where they are loaded", async (t) => {
    const { server } = await start(t, { auth: "token", redirectsBlobs: true });
    const registry = await withCredentials(server);
    const pushed = await imageFor("linux/amd64", "linux/arm64");
    await pushImage(registry, "base", "1", pushed, new Map());
    const platforms = [parsePlatform("linux/arm64"), parsePlatform("linux/amd64")];
    const reference = parseImageReference(`${server.name}/base:1`);
    const cache = createBlobCache(join(dir, "pulled"));
    server.requests.length = 0;
    const bases = await registryBases(registry, reference, platforms, cache);
    assert.deepEqual(
      bases.map(({ platform }) => platform),
      platforms,
    );
    const layer = bases[0]!.layers[0]!.blob;
    assert.ok(!server.requests.some((line) => line.endsWith(layer.descriptor.digest)));
    const content = await layer.load();
    assert.ok("file" in content);
    const wanted = server.blobs.get("base")!.get(layer.descriptor.digest);
    assert.deepEqual(await readFile(content.file), wanted);
    assert.equal(bases[0]!.labels["org.opencontainers.image.base.name"], `${server.name}/base:1`);
    // On top of it again, in the same registry: its layers are not sent.
    const image = imageOf(
      "shop",
      bases.map((base) => imageVariant(base, [code], command)),
    );
    await pushImage(registry, "shop", "1", image, new Map());
    assert.ok(server.blobs.get("shop")!.has(layer.descriptor.digest));
  });

  test("that breaks off in the middle of a layer is asked again, and given up at last", async (t) => {
    const breaking = { times: 0 };
    const { server, registry } = await start(t, { redirectsBlobs: true, breaking });
    await pushImage(registry, "base", "1", await imageFor("linux/amd64"), new Map());
    const reference = parseImageReference(`${server.name}/base:1`);
    const cache = createBlobCache(join(dir, "broken"));
    const [base] = await registryBases(registry, reference, [parsePlatform("linux/amd64")], cache);
    const [first, second] = base!.layers;
    breaking.times = 2;
    const content = await first!.blob.load();
    assert.deepEqual(await bytesOf(content), server.blobs.get("base")!.get(first!.blob.descriptor.digest));
    breaking.times = 100;
    await assert.rejects(second!.blob.load(), { code: "registry_unreachable" });
  });

  test("whose answers are pages of somebody else is told so", async (t) => {
    const { server, registry } = await start(t);
    server.manifests.set("base", new Map([["1", { type: "text/html", bytes: Buffer.from("<html>Log in") }]]));
    const reference = parseImageReference(`${server.name}/base:1`);
    const pull = registryBases(registry, reference, [parsePlatform("linux/amd64")], createBlobCache(dir));
    await assert.rejects(pull, { code: "registry_refused", message: /something else than JSON: "<html>Log in"/ });
  });

  test("that has no base for a platform, or none at all, is told with what there is", async (t) => {
    const { server, registry } = await start(t);
    await pushImage(registry, "base", "1", await imageFor("linux/amd64", "linux/arm64"), new Map());
    const pull = (name: string, platform: string) =>
      registryBases(
        registry,
        parseImageReference(`${server.name}/${name}`),
        [parsePlatform(platform)],
        createBlobCache(dir),
      );
    await assert.rejects(pull("base:1", "linux/s390x"), { code: "base_unusable", hint: /linux\/amd64, linux\/arm64/ });
    await assert.rejects(pull("base:2", "linux/amd64"), {
      code: "registry_refused",
      message: /404, MANIFEST_UNKNOWN: no such/,
    });
    const wrong = `base@sha256:${"0".repeat(64)}`;
    server.manifests.get("base")!.set(wrong.slice(5), server.manifests.get("base")!.get("1")!);
    await assert.rejects(pull(wrong, "linux/amd64"), { code: "registry_refused", message: /what localhost:\d+ gave/ });
  });
});

const command = { arguments: ["start"], labels: {} };

async function imageFor(...platforms: string[]): Promise<Image> {
  const variants = platforms.map((platform) => imageVariant(testBase(parsePlatform(platform)), [code], command));
  return imageOf("shop", variants);
}

function blobDigests({ variants }: Image): string[] {
  return variants
    .flatMap(({ config, layers }) => [config, ...layers].map(({ descriptor }) => descriptor.digest))
    .sort();
}
