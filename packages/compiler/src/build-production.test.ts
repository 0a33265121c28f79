import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { buildProduction } from "./build-production.ts";
import { readFolder, temporaryApp } from "./testing-app.test.support.ts";
import {
  installedTenon,
  jointApp,
  jointAppFolder,
  runModule,
  startModuleText,
} from "./testing-joint-app.test.support.ts";

const database = {
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "main": "./main.js" }',
  "node_modules/dep/main.js": "exports.shout = (text) => text.toUpperCase();\n",
  "orders/orders.ts": jointApp["orders/orders.ts"]
    .replace("import { api }", '// @ts-ignore: no types\nimport { shout } from "dep";\nimport { api }')
    .replace("customer: user.name", "customer: shout(user.name) as string"),
};

test("a build runs by itself, names no folder of this machine, and is the same every time", async (t) => {
  const elsewhere = await temporaryApp(t, { "start.mjs": startModuleText() });
  const startFile = join(elsewhere, "start.mjs");
  const appDir = await appWithDependency(t);
  const first = await buildProduction({ appDir, outDir: join(elsewhere, "one"), startFile, checkTypes: true });
  assert.deepEqual(first.diagnostics, []);
  assert.equal(first.ok, true);
  await buildProduction({
    appDir: await appWithDependency(t),
    outDir: join(elsewhere, "deeper/two"),
    startFile,
    checkTypes: true,
  });

  const files = await readFolder(join(elsewhere, "one"));
  assert.deepEqual(await readFolder(join(elsewhere, "deeper/two")), files);
  for (const [name, content] of Object.entries(files)) {
    for (const dir of [appDir, elsewhere, installedTenon.dir])
      assert.ok(!content.includes(dir), `${name} names ${dir}`);
  }
  assert.equal(await runModule(join(elsewhere, "one/main.js")), '200 {"customer":"ADA","year":1970}');
});

test("a folder with anything else in it is not replaced", async (t) => {
  const appDir = await temporaryApp(t, { ...jointApp, "out/precious.txt": "mine" });
  const result = await buildProduction({ appDir, outDir: join(appDir, "out"), startFile: "", checkTypes: true });
  assert.deepEqual(
    result.diagnostics.map(({ code }) => code),
    ["TN1826"],
  );
  assert.equal(await readFile(join(appDir, "out/precious.txt"), "utf8"), "mine");
});

async function appWithDependency(t: Parameters<typeof jointAppFolder>[0]): Promise<string> {
  return jointAppFolder(t, database);
}

const withDatabase = {
  "users/db.ts": `import { SQLDatabase } from "tenon/storage/sqldb";\nexport const db = new SQLDatabase("people", { migrations: "./migrations" });\n`,
  "users/users.ts": `import { db } from "./db.ts";\nvoid db;\n${jointApp["users/users.ts"]}`,
};

test("migrations come along, and the build's graph points at them", async (t) => {
  const appDir = await jointAppFolder(t, {
    ...withDatabase,
    "users/migrations/1_create.up.sql": "create table people ();\n",
  });
  const outDir = join(appDir, ".tenon/build/out");
  const result = await buildProduction({
    appDir,
    outDir,
    startFile: installedTenon.modules["tenon/api"]!.code,
    checkTypes: true,
  });
  assert.deepEqual(result.diagnostics, []);
  const graph = JSON.parse(await readFile(join(outDir, "app.json"), "utf8"));
  assert.equal(graph.databases[0].migrations, "migrations/people");
  const copy = await readFile(join(outDir, "migrations/people/1_create.up.sql"), "utf8");
  assert.equal(copy, "create table people ();\n");
});

test("a migrations folder that is not there fails the build before anything is replaced", async (t) => {
  const appDir = await jointAppFolder(t, withDatabase);
  const outDir = join(appDir, ".tenon/build/out");
  const result = await buildProduction({ appDir, outDir, startFile: "", checkTypes: true });
  assert.equal(result.ok, false);
  assert.equal(result.diagnostics[0]?.file, "users/db.ts");
  await assert.rejects(readFile(join(outDir, "build.json")));
});
