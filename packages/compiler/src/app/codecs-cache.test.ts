import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Endpoint, Graph, Schema, Service } from "@tenon/model";
import { temporaryApp } from "../testing-app.test.support.ts";
import { contractKeys } from "./contract-keys.ts";
import { createCodecsCache } from "./codecs-cache.ts";

function service(name: string, response: Schema, line = 1): Service {
  const endpoint: Endpoint = {
    name: "get",
    kind: "typed",
    methods: ["GET"],
    path: { pattern: "/", segments: [] },
    expose: false,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    response,
    location: { file: "a.ts", line, column: 1 },
  };
  return { name, directory: name, endpoints: [endpoint], calls: [], databases: [], secrets: [] };
}

function graph(services: Service[], leaf: Schema): Graph {
  const schemas: Record<string, Schema> = { Leaf: leaf, Tree: { kind: "array", items: { kind: "ref", name: "Leaf" } } };
  return { version: 1, app: { id: "shop" }, services, databases: [], secrets: [], schemas };
}

const tree: Schema = { kind: "ref", name: "Tree" };
const number: Schema = { kind: "number" };

test("a service's codecs are emitted again when what its endpoints reach moves, and only then", async (t) => {
  const dir = join(await temporaryApp(t, {}), "cache");
  const emitted: string[] = [];
  const emit = ({ name }: Service) => {
    emitted.push(name);
    return `codecs of ${name}`;
  };
  const emittedFor = async (cache: ReturnType<typeof createCodecsCache>, of: Graph) => {
    emitted.length = 0;
    const texts = await cache.textsOf(of, contractKeys(of), emit);
    assert.deepEqual(
      await Promise.all([...texts.values()].map((text) => text.read())),
      of.services.map(({ name }) => `codecs of ${name}`),
    );
    return [...emitted];
  };
  const before = graph([service("orders", tree), service("users", number)], { kind: "string" });

  const cache = createCodecsCache(dir, "1");
  assert.deepEqual(await emittedFor(cache, before), ["orders", "users"]);
  assert.deepEqual(await emittedFor(cache, before), []);
  const moved = graph([service("orders", tree, 7), service("users", number, 9)], { kind: "string" });
  assert.deepEqual(await emittedFor(cache, moved), []);
  const deepChange = graph([service("orders", tree), service("users", number)], { kind: "boolean" });
  assert.deepEqual(await emittedFor(cache, deepChange), ["orders"]);

  const restarted = createCodecsCache(dir, "1");
  assert.deepEqual(await emittedFor(restarted, deepChange), []);
  assert.deepEqual(await emittedFor(createCodecsCache(dir, "2"), deepChange), ["orders", "users"]);
  await writeFile(join(dir, "users.txt"), "codecs of us");
  assert.deepEqual(await emittedFor(createCodecsCache(dir, "2"), deepChange), ["users"]);
  await writeFile(join(dir, "index.json"), '{"settingsKey":"2","ent');
  assert.deepEqual(await emittedFor(createCodecsCache(dir, "2"), deepChange), ["orders", "users"]);
});
