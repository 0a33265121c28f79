// The analyzer over time: what is read anew after which edit, what the cache on disk saves, and that it is never stale.
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { type Analyzer, createAnalyzer } from "./analyze.ts";
import { type FixtureApp, layOut, parseFixture } from "./fixture-app.ts";

const program = `-- tenon.json --
{ "id": "shop" } // an id
-- users/tenon.service.ts --
import { Service } from "tenon/service";
export default new Service("users");
-- users/types.ts --
export interface User { id: string }
-- users/users.ts --
import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";
import { secret } from "tenon/config";
import type { User } from "./types";
const key = secret("Key");
const db = new SQLDatabase("users", { migrations: "./migrations" });
export const get = api({ method: "GET", path: "/users/:id" }, async ({ id }: { id: string }): Promise<User> => ({ id }));
-- orders/orders.ts --
import { api } from "tenon/api";
import { users as people } from "~tenon/clients";
export const list = api({ method: "GET", path: "/orders" }, async () => ({ by: await people.get({ id: "1" }) }));
export const count = api({ method: "GET", path: "/count" }, async () => 1);
-- other/other.ts --
import { api } from "encore.dev/api";
export const ping = api({ path: "/ping" }, async () => "pong");
-- .tenon/gen/clients.d.ts --
import type { get } from "../../users/users";
export declare const users: { get: typeof get };
`;

const opened: { app: FixtureApp; analyzers: Analyzer[] }[] = [];

async function open(app = layOut(parseFixture("shop", program))) {
  const analyzer = await createAnalyzer({ appDir: app.dir, configFile: app.configFile, typescript: "native" });
  opened.push({ app, analyzers: [analyzer] });
  return { app, analyzer };
}

afterEach(async () => {
  for (const { app, analyzers } of opened.splice(0)) {
    for (const analyzer of analyzers) await analyzer.close();
    app.remove();
  }
});

test("the whole graph of a small app", async () => {
  const { analyzer } = await open();
  const { graph, diagnostics, sources } = await analyzer.analyze();
  assert.deepEqual(diagnostics, []);
  assert.ok(graph);
  assert.equal(graph.app.id, "shop");
  assert.deepEqual(
    graph.services.map(({ name, directory, calls, databases, secrets }) => ({
      name,
      directory,
      calls,
      databases,
      secrets,
    })),
    [
      {
        name: "orders",
        directory: "orders",
        calls: [{ service: "users", endpoint: "get" }],
        databases: [],
        secrets: [],
      },
      { name: "other", directory: "other", calls: [], databases: [], secrets: [] },
      { name: "users", directory: "users", calls: [], databases: ["users"], secrets: ["Key"] },
    ],
  );
  assert.deepEqual(graph.databases, [
    {
      name: "users",
      service: "users",
      migrations: "users/migrations",
      location: { file: "users/users.ts", line: 6, column: 12 },
    },
  ]);
  assert.deepEqual(graph.secrets, [
    { name: "Key", services: ["users"], location: { file: "users/users.ts", line: 5, column: 13 } },
  ]);
  // Type imports are no part of a bundle.
  const users = sources.services.find(({ name }) => name === "users");
  assert.deepEqual(users?.files, ["users/tenon.service.ts", "users/users.ts"]);
  assert.equal(users?.marker, "users/tenon.service.ts");
});

test("discovery needs no types", async () => {
  const { analyzer } = await open();
  const { appId, services } = await analyzer.discover();
  assert.equal(appId, "shop");
  assert.deepEqual(services[0], {
    name: "orders",
    directory: "orders",
    marker: null,
    endpoints: [
      { name: "count", file: "orders/orders.ts", exportName: "count" },
      { name: "list", file: "orders/orders.ts", exportName: "list" },
    ],
  });
});

test("an edited type is read anew where it reaches, through generated clients too, and nowhere else", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  assert.deepEqual((await analyzer.analyze()).changedEndpoints, []);
  const types = app.write("users/types.ts", "export interface User { id: string; email: string }\n");
  await analyzer.update({ changed: [types], created: [], deleted: [] });
  const { graph, changedEndpoints } = await analyzer.analyze();
  assert.deepEqual(changedEndpoints, ["orders.count", "orders.list", "users.get"]);
  const user = graph?.schemas["User"];
  assert.deepEqual(user?.kind === "object" && user.properties.map(({ name }) => name), ["id", "email"]);
});

test("files that come and go are seen", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  const file = app.write(
    "late/late.ts",
    'import { api } from "tenon/api";\nexport const late = api({ path: "/late" }, async () => 1);\n',
  );
  await analyzer.update({ changed: [], created: [file], deleted: [] });
  assert.ok((await analyzer.analyze()).graph?.services.some(({ name }) => name === "late"));
  rmSync(file);
  await analyzer.update({ changed: [], created: [], deleted: [file] });
  assert.ok(!(await analyzer.analyze()).graph?.services.some(({ name }) => name === "late"));
});

test("an unchanged start reads everything from the cache, also where TypeScript could not start", async () => {
  const { app, analyzer } = await open();
  const first = await analyzer.analyze();
  assert.ok(existsSync(join(app.dir, ".tenon/cache/types.json")));
  const again = await createAnalyzer({
    appDir: app.dir,
    configFile: app.configFile,
    typescript: "native",
    deadlineMs: 1,
  });
  const second = await again.analyze();
  assert.deepEqual(second.changedEndpoints, []);
  assert.equal(JSON.stringify(second.graph), JSON.stringify(first.graph));
  await again.close();
});

test("comments in generated clients cost nothing, their types do", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  const clients = parseFixture("", program).files[".tenon/gen/clients.d.ts"]!;
  app.write(".tenon/gen/clients.d.ts", `/** The clients. */\n${clients}`);
  const { analyzer: next } = await open(app);
  assert.deepEqual((await next.analyze()).changedEndpoints, []);
  app.write(".tenon/gen/clients.d.ts", `${clients}export declare const more: 1;\n`);
  const { analyzer: third } = await open(app);
  assert.deepEqual((await third.analyze()).changedEndpoints, ["orders.count", "orders.list"]);
});

test("an edit between two runs is not hidden by the cache", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  app.write("users/types.ts", "export interface User { id: number }\n");
  const { analyzer: next } = await open(app);
  assert.deepEqual((await next.analyze()).changedEndpoints, ["orders.count", "orders.list", "users.get"]);
});

test("a broken edit gives diagnostics, the next good one a graph again", async () => {
  const { app, analyzer } = await open();
  const good = await analyzer.analyze();
  const file = app.write("other/other.ts", "export const ping = (;\n");
  await analyzer.update({ changed: [file], created: [], deleted: [] });
  const broken = await analyzer.analyze();
  assert.equal(broken.graph, null);
  assert.deepEqual(
    broken.diagnostics.map(({ code, file, line }) => ({ code, file, line })),
    [{ code: "TN1001", file: "other/other.ts", line: 1 }],
  );
  app.write("other/other.ts", parseFixture("", program).files["other/other.ts"]!);
  await analyzer.update({ changed: [file], created: [], deleted: [] });
  assert.equal(JSON.stringify((await analyzer.analyze()).graph), JSON.stringify(good.graph));
});

test("TypeScript's own errors come with place and code", async () => {
  const { app, analyzer } = await open();
  const file = app.write(
    "other/other.ts",
    'import { users } from "~tenon/clients";\nexport const wrong = users.get({ id: 1 });\n',
  );
  await analyzer.update({ changed: [file], created: [], deleted: [] });
  const [error] = await analyzer.typeErrors();
  assert.equal(error?.code, "TS2322");
  assert.deepEqual([error?.file, error?.line, error?.column], ["other/other.ts", 2, 34]);
});
