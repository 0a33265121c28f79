// The analyzer over time: what is read anew after which edit, what the cache on disk saves, and that it is never stale.
import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { type Analyzer, createAnalyzer } from "./analyze.ts";
import { type FixtureApp, layOut, parseFixture } from "./fixture-app.test.support.ts";

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
    resources: [],
    marker: null,
    app: null,
    endpoints: [
      { name: "count", kind: "typed", file: "orders/orders.ts", exportName: "count" },
      { name: "list", kind: "typed", file: "orders/orders.ts", exportName: "list" },
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
  // That the native one fell back to the classic one would be said here.
  assert.deepEqual(second.diagnostics, []);
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

const callers = `-- tenon.json --
{ "id": "shop" }
-- users/types.ts --
export interface User { id: string }
-- users/users.ts --
import { api } from "tenon/api";
import type { User } from "./types";
export const get = api({ path: "/users" }, async (): Promise<User> => ({ id: "" }));
-- mails/mails.ts --
import { api } from "tenon/api";
export const send = api({ path: "/mails" }, async () => 1);
-- inferred/inferred.ts --
import { api } from "tenon/api";
import { users } from "~tenon/clients";
export const show = api({ path: "/inferred" }, async () => users.get());
-- written/written.ts --
import { api } from "tenon/api";
import { users } from "~tenon/clients";
export const show = api({ path: "/written" }, async (): Promise<string> => (await users.get()).id);
-- named/named.ts --
import { api } from "tenon/api";
import { mails } from "~tenon/clients";
export const show = api({ path: "/named" }, async () => mails.send());
-- all/all.ts --
import { api } from "tenon/api";
import * as clients from "~tenon/clients";
export const show = api({ path: "/all" }, async () => clients.mails.send());
-- .tenon/gen/clients/index.d.ts --
export { mails } from "./services/mails.js";
export { users } from "./services/users.js";
-- .tenon/gen/clients/services/mails.d.ts --
import type { send } from "../../../../mails/mails.ts";
export declare const mails: { send(): ReturnType<typeof send> };
-- .tenon/gen/clients/services/users.d.ts --
import type { get } from "../../../../users/users.ts";
export declare const users: { get(): ReturnType<typeof get> };
`;

test("a client is followed into its service alone, and not at all from bodies with a written result", async () => {
  const { app, analyzer } = await open(layOut(parseFixture("shop", callers)));
  assert.deepEqual((await analyzer.analyze()).diagnostics, []);
  const types = app.write("users/types.ts", "export interface User { id: string; email?: string }\n");
  await analyzer.update({ changed: [types], created: [], deleted: [] });
  const { changedEndpoints } = await analyzer.analyze();
  assert.deepEqual(changedEndpoints, ["all.show", "inferred.show", "users.get"]);
});

test("an option that a declaration inside of a body takes from another file is followed", async () => {
  const files = {
    "tenon.json": '{ "id": "shop" }',
    "names.ts": 'export const name: "One" = "One";\n',
    "a/a.ts": `import { api } from "tenon/api";
import { secret } from "tenon/config";
import { name } from "../names.ts";
function key(): () => string { return secret(name); }
export const show = api({ path: "/a" }, async (): Promise<string> => key()());
`,
  };
  const { app, analyzer } = await open(layOut({ ...parseFixture("shop", callers), files }));
  assert.deepEqual(
    (await analyzer.analyze()).graph?.secrets.map((secret) => secret.name),
    ["One"],
  );
  const names = app.write("names.ts", 'export const name: "Two" = "Two";\n');
  await analyzer.update({ changed: [names], created: [], deleted: [] });
  assert.deepEqual(
    (await analyzer.analyze()).graph?.secrets.map((secret) => secret.name),
    ["Two"],
  );
});

test("caches that were damaged are as good as none", async () => {
  const { app, analyzer } = await open();
  const first = await analyzer.analyze();
  for (const name of ["types.json", "facts.json"]) {
    assert.ok(existsSync(join(app.dir, ".tenon/cache", name)), name);
    for (const text of ["", "{", "null", "7"]) {
      app.write(`.tenon/cache/${name}`, text);
      const { analyzer: next } = await open(app);
      assert.equal(JSON.stringify((await next.analyze()).graph), JSON.stringify(first.graph), `${name}: ${text}`);
    }
  }
});

test("an edit between two runs is not hidden by the cache", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  app.write("users/types.ts", "export interface User { id: number }\n");
  const { analyzer: next } = await open(app);
  assert.deepEqual((await next.analyze()).changedEndpoints, ["orders.count", "orders.list", "users.get"]);
});

test("a file that TypeScript came upon while it was still empty is read again", async () => {
  const { app, analyzer } = await open();
  await analyzer.analyze();
  app.write("other/amount.ts", "");
  app.write(
    "other/sum.ts",
    'import { api } from "tenon/api";\nimport { amount } from "./amount";\nexport const sum = api({ path: "/sum" }, async () => ({ sum: amount }));\n',
  );
  // TypeScript reads both now; the rest of the second file comes before the analysis looks at it.
  await analyzer.update({ changed: [], created: [join(app.dir, "other/sum.ts")], deleted: [] });
  app.write("other/amount.ts", "export const amount: number = 5;\n");
  await analyzer.analyze();
  await analyzer.update({ changed: [], created: [join(app.dir, "other/amount.ts")], deleted: [] });
  const { diagnostics, graph } = await analyzer.analyze();
  assert.deepEqual(diagnostics, []);
  assert.ok(graph?.services.some(({ endpoints }) => endpoints.some(({ name }) => name === "sum")));
});

test("a broken edit gives diagnostics, the next good one a graph again", async () => {
  const { app, analyzer } = await open();
  const good = await analyzer.analyze();
  const file = app.write("other/other.ts", 'import { users } from "~tenon/clients";\nexport const ping = (;\n');
  await analyzer.update({ changed: [file], created: [], deleted: [] });
  const broken = await analyzer.analyze();
  assert.equal(broken.graph, null);
  assert.deepEqual(
    broken.diagnostics.map(({ code, file, line }) => ({ code, file, line })),
    [{ code: "TN1001", file: "other/other.ts", line: 2 }],
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
