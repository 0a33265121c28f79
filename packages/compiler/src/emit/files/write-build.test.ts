import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { temporaryApp } from "../../testing-app.test.support.ts";
import { hashOf } from "./file-hashes.ts";
import { graphText } from "./graph-text.ts";
import type { MadeText } from "./text-cache.ts";
import { type ServiceOutput, writeBuild } from "./write-build.ts";

const graph: Graph = { version: 1, app: { id: "shop" }, services: [], databases: [], secrets: [], schemas: {} };
const made = (text: string): MadeText => ({ hash: hashOf(text), read: async () => text });
const outputs = (code: string) =>
  new Map<string, ServiceOutput>([
    ["users", { bundle: made(JSON.stringify({ code, map: "{}" })), codecs: made("export {};") }],
  ]);

test("the files of the manifest before stay, those before that go", async (t) => {
  const dir = await temporaryApp(t, {});
  const first = await writeBuild(dir, graphText(graph), outputs("1;"), "hashed");
  const second = await writeBuild(dir, graphText(graph), outputs("2;"), "hashed");
  const third = await writeBuild(dir, graphText(graph), outputs("3;"), "hashed");
  const left = (await readdir(join(dir, "services"))).filter((name) => !name.endsWith(".map"));
  const names = [second, third].map(({ services }) => services["users"]?.bundle?.slice("services/".length));
  assert.deepEqual(left.sort(), names.sort());
  assert.notEqual(first.services["users"]?.bundle, second.services["users"]?.bundle);
  assert.equal(second.services["users"]?.codecs, third.services["users"]?.codecs);
  assert.deepEqual(JSON.parse(await readFile(join(dir, "build.json"), "utf8")), third);
});

test("plain names carry no hash", async (t) => {
  const dir = await temporaryApp(t, {});
  const manifest = await writeBuild(dir, graphText(graph), outputs("1;"), "plain");
  assert.deepEqual(manifest, { services: { users: { bundle: "services/users.js", codecs: "codecs/users.js" } } });
  assert.match(await readFile(join(dir, "services/users.js"), "utf8"), /sourceMappingURL=users\.js\.map\n$/);
});
