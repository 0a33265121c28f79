// The client compiles under the strictest settings, in both TypeScripts, for browsers and for Node, and its types are those of the app.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryApp } from "../../testing-app.test.support.ts";
import { endpoint, everyKind, graphOf, object, ref, text } from "../public-api/every-kind.test.support.ts";
import { emitJavaScriptClient, emitTypeScriptClient } from "./emit-client.ts";

const options = { localUrl: "http://localhost:4000" };
const require = createRequire(import.meta.url);
const compilers = ["typescript-native", "typescript-classic"];

const strictest = {
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  noEmit: true,
};

const platforms = {
  browser: { lib: ["es2022", "dom", "dom.iterable"], types: [] },
  node: { lib: ["es2023"], types: ["node"] },
};

/** What the compiler says of the client and a program that uses it. */
async function compile(
  t: TestContext,
  compiler: string,
  platform: keyof typeof platforms,
  client: string,
  program: string,
) {
  const dir = await temporaryApp(t, {
    "client.ts": client,
    "program.ts": program,
    "package.json": '{"type":"module"}',
  });
  const config = { compilerOptions: { ...strictest, ...platforms[platform] }, files: ["program.ts"] };
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
  mkdirSync(join(dir, "node_modules"));
  const types = dirname(dirname(require.resolve("@types/node/package.json")));
  symlinkSync(types, join(dir, "node_modules/@types"), "dir");
  const tsc = join(dirname(require.resolve(`${compiler}/package.json`)), "bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", dir, "--pretty", "false"], { encoding: "utf8" });
  return { output: result.stdout + result.stderr, status: result.status };
}

const usage = `
import Client, { APIError, type CallOptions, Environment, ErrCode, isAPIError, type items, Local, StreamInOut } from "./client";

const client = new Client(Local, { auth: async () => ({ session: "s" }), timeoutMs: 500, retry: { attempts: 2 } });
const again: Client = client.with({ auth: "token", requestInit: { credentials: "include" } });
const options: CallOptions = { signal: AbortSignal.timeout(10), headers: { a: "b" } };

export async function use(): Promise<unknown> {
  const item: items.Item = await client.items.get({ id: "1", depth: 2 }, options);
  const alike: items.Item = await client.items.get("1", { depth: undefined }, options);
  const at: Date | undefined = item.at;
  const count: bigint = alike.count;
  const places: Map<number, Date> = item.places;
  const nothing: void = await again.items.nothing();
  const put = await client.items.put("name", { value: item, tags: ["a"] });
  const total: number = put.total;
  const page: items.PageItem = await client.items.find();
  const response: Response = await client.liveFeed.files({ method: "POST", params: { id: "1" }, body: "text" });
  const other: Response = await client.liveFeed.files("DELETE", "1");
  const talk: StreamInOut<{ said: Date }, items.Item> = await client.liveFeed.talk({ room: "r", token: "t" });
  await talk.send({ said: new Date() });
  for await (const message of talk) if (message.id === "x") break;
  const upload = await client.liveFeed.upload();
  await upload.send({ part: new Uint8Array([1]) });
  const parts: number = (await upload.response()).parts;
  for await (const tick of await client.liveFeed.ticks()) return tick.at satisfies Date;
  for await (const event of client.liveFeed.events()) return event.data.id satisfies string;
  for await (const line of client.liveFeed.lines(options)) return line.at satisfies Date;
  return [at, count, places, nothing, total, page, response, other, parts, Environment("x")];
}

export function explain(error: unknown): string {
  if (isAPIError<items.GetError>(error)) {
    if (error.code === ErrCode.NotFound) return error.details.id;
    return error.message;
  }
  return error instanceof APIError ? error.code : String(error);
}
`;

for (const compiler of compilers) {
  for (const platform of ["browser", "node"] as const) {
    test(`${compiler} takes the client of every kind of endpoint for ${platform}`, async (t) => {
      const { output, status } = await compile(t, compiler, platform, emitTypeScriptClient(everyKind, options), usage);
      assert.equal(output, "");
      assert.equal(status, 0);
    });
  }

  test(`${compiler} refuses what the app would refuse`, async (t) => {
    const wrong = `
import { Client } from "./client";
const client = new Client();
client.items.get({ id: 1 });
client.items.get();
client.items.hidden();
client.items.put("name", { tags: [] });
client.liveFeed.files("PUT", "1");
new Client("x", { auth: { key: "k" } });
export const count: number = (await client.items.get("1")).count;
`;
    const { output } = await compile(t, compiler, "browser", emitTypeScriptClient(everyKind, options), wrong);
    const lines = [...output.matchAll(/\bprogram\.ts\((\d+),/g)].map((match) => Number(match[1]));
    assert.deepEqual([...new Set(lines)], [4, 5, 6, 7, 8, 9, 10], output);
  });
}

test("types whose names are taken elsewhere do no harm", async (t) => {
  const names = [
    "Date",
    "Map",
    "Set",
    "Response",
    "Client",
    "APIError",
    "Page<A | B>",
    "Page<A,B>",
    "items",
    "ServiceClient",
  ];
  const schemas = Object.fromEntries(
    names.map((name) => [name, object({ at: { kind: "date" }, of: { kind: "set", items: text } })]),
  );
  const response = object(Object.fromEntries(names.map((name) => [name, ref(name)])));
  const services = ["fetch", "client", "with", "shapes", "types", "default", "base", "a-b"];
  const endpoints = (service: string) =>
    ["constructor", "toString", "delete"].map((name) => {
      const request = object({ class: text, options: text, "__proto__?": text });
      const fields = [
        { name: "class", in: "path" as const, wireName: "class" },
        { name: "options", in: "path" as const, wireName: "options" },
        { name: "__proto__", in: "query" as const, wireName: "__proto__" },
      ];
      return endpoint({ name, path: `/${service}.${name}/:class/:options`, request, fields, response });
    });
  const graph = graphOf(Object.fromEntries(services.map((name) => [name, endpoints(name)])), { schemas });
  const { output } = await compile(
    t,
    "typescript-native",
    "browser",
    emitTypeScriptClient(graph, options),
    'export * from "./client";',
  );
  assert.equal(output, "");
});

test("JavaScript is the client without its types, comments included", async (t) => {
  const code = emitJavaScriptClient(everyKind, options);
  assert.match(code, /^\/\/ Client of "every-kind"/);
  assert.match(
    code,
    /\* Gets an item\. Says so when there is none\.[^/]*`GET \/items\/:id`\n {3}\*\/\n {2}get\(\.\.\.args\) \{/,
  );
  assert.doesNotMatch(code, /: Promise<|interface |\bas unknown\b|\n\n\n/);
  const dir = await temporaryApp(t, { "client.mjs": code });
  const exported = Object.keys((await import(join(dir, "client.mjs"))) as object);
  for (const name of ["default", "Client", "APIError", "isAPIError", "ErrCode", "StreamInOut", "Local"])
    assert.ok(exported.includes(name), name);
  for (const name of ["BaseClient", "fromWire", "startDeadline"]) assert.ok(!exported.includes(name), name);
});

test("what an app has no use for is not in its client", () => {
  const graph = graphOf({ a: [endpoint({ name: "b", path: "/b" })] });
  const code = emitTypeScriptClient(graph, options);
  for (const word of [
    "WebSocket",
    "StreamIn",
    "EventStream",
    "RawInit",
    "// if ",
    "// end ",
    "biome-ignore",
    "import ",
  ]) {
    assert.ok(!code.includes(word), word);
  }
});

test("environments have the address that was given for them", async (t) => {
  const graph = graphOf({ a: [endpoint({ name: "b", path: "/b" })] });
  const code = emitJavaScriptClient(graph, { ...options, environmentUrl: "https://{name}.example.com/`$x" });
  const dir = await temporaryApp(t, { "client.mjs": code });
  const client = (await import(join(dir, "client.mjs"))) as {
    Environment(name: string): string;
    PreviewEnv(pr: number): string;
  };
  assert.equal(client.Environment("staging"), "https://staging.example.com/%60%24x");
  assert.equal(client.PreviewEnv(7), "https://pr7.example.com/%60%24x");
});

test("the same graph gives the same text", () => {
  assert.equal(emitTypeScriptClient(everyKind, options), emitTypeScriptClient(structuredClone(everyKind), options));
});
