// Apps whose code is right and whose surroundings are not: each diagnostic about them, from the app that provokes it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createCompiler, developmentOutDir } from "../compiler.ts";
import { findPackage } from "./locate-tenon.ts";
import { temporaryApp } from "../testing-app.test.support.ts";
import { jointApp, jointAppFolder } from "../testing-joint-app.test.support.ts";

async function saidAbout(t: TestContext, changes: Readonly<Record<string, string>>): Promise<string[]> {
  const appDir = await jointAppFolder(t, changes);
  const compiler = await createCompiler({ appDir, outDir: developmentOutDir(appDir), mode: "development" });
  t.after(() => compiler.close());
  const { diagnostics } = await compiler.build();
  return diagnostics.map(({ code, file, line, column, message }) => `${code} ${file}:${line}:${column} ${message}`);
}

test("a broken app file is complained about once", async (t) => {
  assert.deepEqual(await saidAbout(t, { "tenon.json": '{ "id": [ }' }), [
    "TN1801 tenon.json:1:11 tenon.json is not valid JSON: value expected",
  ]);
});

test("a broken tsconfig.json is complained about once", async (t) => {
  assert.deepEqual(await saidAbout(t, { "tsconfig.json": '{ "compilerOptions": { "paths": [ }' }), [
    "TN1804 tsconfig.json:1:35 tsconfig.json cannot be used: value expected",
  ]);
});

test("clients that plain tsc cannot find under nodenext", async (t) => {
  const said = await saidAbout(t, {
    "package.json": '{ "private": true, "type": "module" }',
    "tsconfig.json": jointApp["tsconfig.json"].replace(
      '"module": "esnext", "moduleResolution": "bundler"',
      '"module": "nodenext", "moduleResolution": "nodenext"',
    ),
    "users/users.ts": jointApp["users/users.ts"].replace("@shared/names", "../shared/names.js"),
  });
  assert.deepEqual(
    said.map((line) => line.split(" ", 2).join(" ")),
    ["TN1806 tsconfig.json:4:16", "TN1806 tsconfig.json:4:48"],
  );
});

test("a file that no bundler reads", async (t) => {
  const [said, ...others] = await saidAbout(t, {
    "users/page.css": "body { color: red }",
    "users/page.ts":
      'import { api } from "tenon/api";\nimport "./page.css";\nexport const page = api({}, async () => 1);\n',
  });
  assert.deepEqual(others, []);
  assert.match(said ?? "", /^TN1824 :1:1 service "users" cannot be bundled: Bundling CSS/);
});

test("a migrations folder that is not there", async (t) => {
  const said = await saidAbout(t, {
    "users/db.ts":
      'import { SQLDatabase } from "tenon/storage/sqldb";\nexport const db = new SQLDatabase("people", { migrations: "./sql" });\n',
  });
  assert.deepEqual(said, [
    'TN1825 users/db.ts:2:19 the migrations folder "users/sql" of database "people" does not exist',
  ]);
});

test("an app without tenon, read by a compiler without tenon beside it", async (t) => {
  const packageDir = join(import.meta.dirname, "../..");
  const elsewhere = await temporaryApp(t, { "app/hello.ts": jointApp["users/users.ts"] });
  await cp(join(packageDir, "dist"), join(elsewhere, "compiler/dist"), { recursive: true });
  await cp(join(packageDir, "package.json"), join(elsewhere, "compiler/package.json"));
  const manifest = JSON.parse(await readFile(join(packageDir, "package.json"), "utf8"));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(elsewhere, "compiler/node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(findPackage(name, packageDir)!, link, "dir");
  }
  const script = `
    const { createCompiler } = await import(${JSON.stringify(pathToFileURL(join(elsewhere, "compiler/dist/index.js")).href)});
    const compiler = await createCompiler({ appDir: ${JSON.stringify(join(elsewhere, "app"))}, outDir: "unused", mode: "development" });
    const { ok, diagnostics } = await compiler.build();
    console.log(ok, diagnostics.map(({ code }) => code).join());
    await compiler.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  assert.equal(stdout, "false TN1805\n");
});
