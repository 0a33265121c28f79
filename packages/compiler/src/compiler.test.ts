import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type BuildResult, type Compiler, createCompiler, developmentOutDir } from "./compiler.ts";
import { readFolder, temporaryApp, writeFiles } from "./testing-app.test.support.ts";
import { jointApp, jointAppFolder, plainTsc, runModule, startModuleText } from "./testing-joint-app.test.support.ts";

async function open(t: TestContext, appDir: string): Promise<Compiler> {
  const compiler = await createCompiler({ appDir, outDir: developmentOutDir(appDir), mode: "development" });
  t.after(() => compiler.close());
  return compiler;
}

async function save(compiler: Compiler, appDir: string, file: string, content: string): Promise<BuildResult> {
  await writeFiles(appDir, { [file]: content });
  return compiler.update({ changed: [join(appDir, file)], created: [], deleted: [] });
}

function assertOk(result: BuildResult): void {
  assert.deepEqual(result.diagnostics, []);
  assert.equal(result.ok, true);
}

async function order(t: TestContext, appDir: string): Promise<string> {
  const dir = await temporaryApp(t, { "start.mjs": startModuleText() });
  return runModule(join(dir, "start.mjs"), { BUILD_DIR: developmentOutDir(appDir) });
}

test("two services in two styles call each other, in the runtime and for plain tsc", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  const result = await compiler.build();
  assertOk(result);
  assert.deepEqual(result.changedServices, ["orders", "users"]);
  assert.equal(await order(t, appDir), '200 {"customer":"Ada","year":1970}');
  assert.equal(await plainTsc(appDir), "");
  assert.deepEqual(await compiler.typeErrors(), []);
});

test("a contract that moves is seen by the caller: in the clients, in tsc, and in the build", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const declaration = join(appDir, "encore.gen/clients/services/users.d.ts");
  const before = await readFile(declaration, "utf8");
  assert.match(before, /- response: `\{ id: string; name: string; since: Date \}`/);

  const result = await save(compiler, appDir, "users/users.ts", jointApp["users/users.ts"].replace("name:", "title:"));
  assertOk(result);
  assert.deepEqual(result.changedServices, ["orders", "users"]);
  assert.match(await readFile(declaration, "utf8"), /- response: `\{ id: string; title: string; since: Date \}`/);
  const errors = (await compiler.typeErrors()).map(({ code, file, line }) => `${code} ${file}:${line}`);
  assert.deepEqual(errors, ["TS2339 orders/orders.ts:12"]);
  assert.match(await plainTsc(appDir), /orders\/orders\.ts\(12,/);
});

test("an edit of code alone changes its service alone", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const declaration = join(appDir, ".tenon/gen/clients/services/users.d.ts");
  const { mtimeMs } = await stat(declaration);
  const result = await save(compiler, appDir, "orders/orders.ts", jointApp["orders/orders.ts"].replace("123", "456"));
  assertOk(result);
  assert.deepEqual(result.changedServices, ["orders"]);
  assert.equal((await stat(declaration)).mtimeMs, mtimeMs);
});

test("an edit of a file that both reach through paths changes who uses it", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const result = await save(compiler, appDir, "shared/names.ts", `export const greeting: string = "Grace";\n`);
  assertOk(result);
  assert.deepEqual(result.changedServices, ["users"]);
  assert.equal(await order(t, appDir), '200 {"customer":"Grace","year":1970}');
});

test("a broken edit leaves the last good build in place, and the repair is served", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const manifest = join(developmentOutDir(appDir), "build.json");
  const before = await readFile(manifest, "utf8");

  const broken = await save(compiler, appDir, "users/users.ts", "export const get = (;\n");
  assert.equal(broken.ok, false);
  assert.deepEqual(
    broken.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ file, line, column }) => [file, line, column]),
    [["users/users.ts", 1, 21]],
  );
  assert.equal(await readFile(manifest, "utf8"), before);
  assert.equal(await order(t, appDir), '200 {"customer":"Ada","year":1970}');

  const unresolved = await save(
    compiler,
    appDir,
    "users/users.ts",
    `import "nothing-like-it";\n${jointApp["users/users.ts"]}`,
  );
  assert.deepEqual(
    unresolved.diagnostics.map(({ code, file, line }) => `${code} ${file}:${line}`),
    ["TN1821 users/users.ts:1"],
  );

  const repaired = await save(compiler, appDir, "users/users.ts", jointApp["users/users.ts"]);
  assertOk(repaired);
  assert.deepEqual(repaired.changedServices, []);
});

test("a start on an unchanged app writes the same bytes and bundles nothing again", async (t) => {
  const appDir = await jointAppFolder(t);
  const first = await open(t, appDir);
  assertOk(await first.build());
  await first.close();
  const manifest = join(developmentOutDir(appDir), "build.json");
  const before = await stat(manifest);
  const cached = join(appDir, ".tenon/cache/bundles/development/index.json");
  const bundledAt = (await stat(cached)).mtimeMs;

  const second = await open(t, appDir);
  assertOk(await second.build());
  assert.equal((await stat(manifest)).mtimeMs, before.mtimeMs);
  assert.equal((await stat(cached)).mtimeMs, bundledAt);
});

test("generated files and parts of the cache that were deleted come back the same", async (t) => {
  const appDir = await jointAppFolder(t);
  const first = await open(t, appDir);
  assertOk(await first.build());
  const before = await readFolder(join(appDir, ".tenon/build/dev"));
  const clients = await readFolder(join(appDir, ".tenon/gen"));
  for (const gone of [".tenon/gen", ".tenon/build", ".tenon/cache/codecs/development/users.txt"]) {
    await rm(join(appDir, gone), { recursive: true });
  }
  assertOk(await first.update({ changed: [], created: [], deleted: [] }));
  assert.deepEqual(await readFolder(join(appDir, ".tenon/build/dev")), before);
  assert.deepEqual(await readFolder(join(appDir, ".tenon/gen")), clients);

  for (const gone of [".tenon/build", ".tenon/cache/bundles/development/users.txt"]) {
    await rm(join(appDir, gone), { recursive: true });
  }
  const second = await open(t, appDir);
  assertOk(await second.build());
  assert.deepEqual(await readFolder(join(appDir, ".tenon/build/dev")), before);
});

test("a service that goes takes its client along", async (t) => {
  const appDir = await jointAppFolder(t, {
    "late/late.ts": 'import { api } from "tenon/api";\nexport const ping = api({}, async () => {});\n',
  });
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const declaration = join(appDir, ".tenon/gen/clients/services/late.d.ts");
  assert.match(await readFile(declaration, "utf8"), /interface LateClient/);
  const file = join(appDir, "late/late.ts");
  await rm(file);
  assertOk(await compiler.update({ changed: [], created: [], deleted: [file] }));
  await assert.rejects(stat(declaration), { code: "ENOENT" });
});

test("a new endpoint and a removed one reach the clients", async (t) => {
  const appDir = await jointAppFolder(t);
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  const added = `import { api } from "tenon/api";\nexport const count = api({}, async () => ({ users: 1 }));\n`;
  await writeFiles(appDir, { "users/count.ts": added });
  const file = join(appDir, "users/count.ts");
  assertOk(await compiler.update({ changed: [], created: [file], deleted: [] }));
  const declaration = join(appDir, ".tenon/gen/clients/services/users.d.ts");
  assert.match(
    await readFile(declaration, "utf8"),
    /count\(options\?: CallOpts\): Promise<ResponseOf<typeof users_count>>/,
  );

  const gone = await save(
    compiler,
    appDir,
    "users/users.ts",
    jointApp["users/users.ts"].replace(/export const ping.*\n/, ""),
  );
  assert.doesNotMatch(await readFile(declaration, "utf8"), /ping/);
  assert.equal(
    gone.graph?.services.find(({ name }) => name === "users")?.endpoints.some(({ name }) => name === "ping") ?? false,
    false,
  );
});

test("settings that cannot be read are refused, and read again when they change", async (t) => {
  const appDir = await jointAppFolder(t, { "tsconfig.json": "{ nonsense" });
  const compiler = await open(t, appDir);
  const broken = await compiler.build();
  assert.equal(broken.ok, false);
  assert.ok(broken.diagnostics.every(({ code, file }) => code === "TN1804" && file === "tsconfig.json"));
  assertOk(await save(compiler, appDir, "tsconfig.json", jointApp["tsconfig.json"]));
});

test("an app without services is told how to begin", async (t) => {
  const appDir = await temporaryApp(t, { "tenon.json": "{}", "lib/math.ts": "export const one = 1;\n" });
  const compiler = await open(t, appDir);
  const result = await compiler.build();
  assert.equal(result.ok, false);
  assert.deepEqual(
    result.diagnostics.map(({ code }) => code),
    ["TN1803"],
  );
  await writeFile(join(appDir, "lib/math.ts"), "export const two = 2;\n");
});

test("an app without tsconfig.json works", async (t) => {
  const { "tsconfig.json": _, ...files } = jointApp;
  const plain = { ...files, "users/users.ts": files["users/users.ts"].replace("@shared/names", "../shared/names") };
  const appDir = await temporaryApp(t, plain);
  const compiler = await open(t, appDir);
  const result = await compiler.build();
  assert.deepEqual(
    result.diagnostics.map(({ code }) => code),
    ["TN1807"],
  );
  assert.equal(result.ok, true);
  assert.equal(await order(t, appDir), '200 {"customer":"Ada","year":1970}');
});

test("a service whose name is no identifier is called through one that is", async (t) => {
  const appDir = await jointAppFolder(t, {
    "users/tenon.service.ts": `import { Service } from "tenon/service";\n\nexport default new Service("user-base");\n`,
    "orders/orders.ts": jointApp["orders/orders.ts"].replaceAll("users", "userBase"),
  });
  const result = await (await open(t, appDir)).build();
  assertOk(result);
  const calls = result.graph?.services.find(({ name }) => name === "orders")?.calls;
  assert.deepEqual(calls, [
    { service: "user-base", endpoint: "get" },
    { service: "user-base", endpoint: "ping" },
  ]);
  assert.equal(await plainTsc(appDir), "");
});

test("endpoints may live in .tsx, .mts and .cts files", async (t) => {
  const endpoint = (name: string) =>
    `import { api } from "tenon/api";\nexport const ${name} = api({}, async () => 1);\n`;
  const appDir = await jointAppFolder(t, {
    "users/a.tsx": endpoint("tsx"),
    "users/b.mts": endpoint("mts"),
    "users/c.cts": endpoint("cts"),
  });
  const compiler = await open(t, appDir);
  const result = await compiler.build();
  assertOk(result);
  const users = result.graph?.services.find(({ name }) => name === "users");
  assert.deepEqual(users?.endpoints.map(({ name }) => name).sort(), ["cts", "get", "mts", "ping", "tsx"]);
  assert.deepEqual(await compiler.typeErrors(), []);
});

test("a request with nothing but optional fields may be left out of a call", async (t) => {
  const appDir = await jointAppFolder(t, {
    "users/users.ts": `${jointApp["users/users.ts"]}
interface Filter { limit?: number }
export const count = api({}, async ({ limit = 7 }: Filter = {}) => limit);
export const first = api({}, async (filter?: Filter) => filter?.limit ?? 1);
`,
    "orders/orders.ts": jointApp["orders/orders.ts"].replace(
      "user.since.getUTCFullYear()",
      "(await users.count()) * (await users.count({ limit: 3 })) + (await users.first())",
    ),
  });
  const compiler = await open(t, appDir);
  assertOk(await compiler.build());
  assert.deepEqual(await compiler.typeErrors(), []);
  assert.equal(await plainTsc(appDir), "");
  assert.equal(await order(t, appDir), '200 {"customer":"Ada","year":22}');
});
