import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { TenonPackage } from "../app/locate-tenon.ts";
import { temporaryApp } from "../testing-app.test.support.ts";
import { bundleService } from "./bundle-service.ts";
import type { BundleSettings } from "./bundle-settings.ts";

const run = promisify(execFile);

function settingsFor(appDir: string, mode: BundleSettings["mode"], tsconfigFile: string | null = null): BundleSettings {
  const module = (name: string) => ({ types: "", code: join(appDir, `fake-tenon/${name}.js`) });
  const tenon: TenonPackage = { dir: appDir, version: "0", modules: { "tenon/api": module("api") } };
  const gen = join(appDir, ".tenon/gen");
  return {
    appDir,
    mode,
    tsconfigFile,
    tenon,
    folders: { tenon: gen, encore: join(appDir, "encore.gen"), encoreConfigured: false },
    outDir: join(appDir, ".tenon/build/dev"),
  };
}

async function bundleEntry(
  t: TestContext,
  files: Record<string, string>,
  mode: BundleSettings["mode"] = "development",
) {
  const appDir = await temporaryApp(t, files);
  const settings = settingsFor(
    appDir,
    mode,
    files["tsconfig.json"] === undefined ? null : join(appDir, "tsconfig.json"),
  );
  const entry = `export { default } from ${JSON.stringify(join(appDir, "users/users.ts"))};\n`;
  return { appDir, settings, outcome: await bundleService("users", entry, settings) };
}

async function places(t: TestContext, source: string): Promise<string[]> {
  const { outcome } = await bundleEntry(t, { "users/users.ts": source, "users/other.ts": "export const here = 1;" });
  assert.equal(outcome.ok, false);
  return outcome.ok ? [] : outcome.diagnostics.map((d) => `${d.code} ${d.file}:${d.line}:${d.column} ${d.message}`);
}

test("the framework stays outside, under one address for both spellings", async (t) => {
  const source = `import { api } from "tenon/api"; import { api as same } from "encore.dev/api"; export default [api, same];`;
  const development = await bundleEntry(t, { "users/users.ts": source });
  assert.ok(development.outcome.ok);
  const address = pathToFileURL(join(development.appDir, "fake-tenon/api.js")).href;
  assert.equal(development.outcome.bundle.code.split(address).length - 1, 1);
  assert.deepEqual(development.outcome.bundle.specifiers, ["encore.dev/api", "tenon/api"]);

  const production = await bundleEntry(t, { "users/users.ts": source }, "production");
  assert.ok(production.outcome.ok);
  assert.match(production.outcome.bundle.code, /from "\.\.\/runtime\/tenon\/api\.js"/);
  assert.ok(!(production.outcome.bundle.code + production.outcome.bundle.map).includes(production.appDir));
});

test("installed packages stay outside in development and come in for production", async (t) => {
  const files = {
    "users/users.ts": `import { thing } from "dep"; export default thing;`,
    "node_modules/dep/package.json": '{ "name": "dep", "main": "./main.js" }',
    "node_modules/dep/main.js": 'exports.thing = "from the package";',
  };
  const development = await bundleEntry(t, files);
  assert.ok(development.outcome.ok);
  assert.ok(
    development.outcome.bundle.code.includes(pathToFileURL(join(development.appDir, "node_modules/dep/main.js")).href),
  );
  const production = await bundleEntry(t, files, "production");
  assert.ok(production.outcome.ok);
  assert.ok(production.outcome.bundle.code.includes("from the package"));
});

test("sources of the workspace, paths of tsconfig, JSON and enums are bundled, and all files read are known", async (t) => {
  const files = {
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    "users/users.ts": `import { shared } from "shared"; import { alias } from "@lib/alias"; import data from "./data.json"; enum Color { Red = "red" } export default [shared, alias, data.a, Color.Red].join();`,
    "users/data.json": '{ "a": 7 }',
    "lib/alias.ts": `export const alias: string = "alias";`,
    "packages/shared/package.json": '{ "name": "shared", "type": "module", "exports": "./index.ts" }',
    "packages/shared/index.ts": `export const shared: string = "shared";`,
  };
  const appDir = await temporaryApp(t, files);
  await mkdir(join(appDir, "node_modules"));
  await symlink("../packages/shared", join(appDir, "node_modules/shared"));
  const entry = `export { default } from ${JSON.stringify(join(appDir, "users/users.ts"))};\n`;
  const outcome = await bundleService(
    "users",
    entry,
    settingsFor(appDir, "development", join(appDir, "tsconfig.json")),
  );
  assert.ok(outcome.ok);
  const file = join(appDir, "bundle.mjs");
  await writeFile(file, outcome.bundle.code);
  assert.equal(((await import(pathToFileURL(file).href)) as { default: string }).default, "shared,alias,7,red");
  assert.deepEqual(
    outcome.bundle.inputs.map((input) => input.slice(appDir.length + 1)),
    ["lib/alias.ts", "packages/shared/index.ts", "users/data.json", "users/users.ts"],
  );
});

test("a stack trace names the line in the user's file", async (t) => {
  const source = `interface Unused { a: string }\n\nexport default function fail(): never {\n  throw new Error("here");\n}\n`;
  const { outcome, appDir, settings } = await bundleEntry(t, { "users/users.ts": source });
  assert.ok(outcome.ok);
  const services = join(settings.outDir, "services");
  await mkdir(services, { recursive: true });
  await writeFile(join(services, "users.mjs"), `${outcome.bundle.code}\n//# sourceMappingURL=users.mjs.map\n`);
  await writeFile(join(services, "users.mjs.map"), outcome.bundle.map);
  await writeFile(join(services, "run.mjs"), `import fail from "./users.mjs";\nfail();\n`);
  const failure = (await run(process.execPath, ["--enable-source-maps", join(services, "run.mjs")]).catch(
    (error) => error,
  )) as { stderr: string };
  assert.ok(failure.stderr.includes(`${join(appDir, "users/users.ts")}:4:`), failure.stderr);
});

test("an import of a file that is not there", async (t) => {
  assert.deepEqual(await places(t, `const ü = "日本😀"; import { a } from "./nope.ts";\nexport default [ü, a];`), [
    'TN1821 users/users.ts:1:37 cannot find the module "./nope.ts"',
  ]);
});

test("an import of a package that is not installed", async (t) => {
  assert.deepEqual(await places(t, `\nimport dep from "@scope/dep/part";\nexport default dep;`), [
    'TN1821 users/users.ts:2:17 cannot find the module "@scope/dep/part"',
  ]);
});

test("an import of a framework module that does not exist", async (t) => {
  assert.deepEqual(await places(t, `import { x } from "encore.dev/nothing";\nexport default x;`), [
    'TN1821 users/users.ts:1:19 cannot find the module "encore.dev/nothing"',
  ]);
});

test("an import of a name that is not exported", async (t) => {
  const [found] = await places(t, `import { gone } from "./other.ts";\nexport default gone;`);
  assert.match(found ?? "", /^TN1822 users\/users\.ts:1:10 "gone" is not exported by "users\/other\.ts"/);
});

test("a file that does not parse", async (t) => {
  const [found] = await places(t, `export default (;`);
  assert.match(found ?? "", /^TN1823 users\/users\.ts:1:17 this cannot be read: /);
});

test("a type imported from a package without code needs no package", async (t) => {
  const { outcome } = await bundleEntry(t, {
    "users/users.ts": `import type { T } from "only-types"; import { U } from "only-types"; const x: T | U = 1; export default x;`,
  });
  assert.ok(outcome.ok);
});

test("types that are exported on as if they were values are left out", async (t) => {
  const { outcome } = await bundleEntry(t, {
    "users/users.ts": `import { type User, limit } from "./index"; export default (user: User) => user.age < limit;`,
    "users/index.ts": `import { User } from "./types"; export { limit, Role } from "./types"; export { User };`,
    "users/types.ts": `export interface User { age: number } export type Role = "admin"; export const limit = 100;`,
  });
  assert.ok(outcome.ok);
  assert.match(outcome.bundle.code, /user.age < 100/);
});

test("a value that is missing is reported beside a type that is none", async (t) => {
  const { outcome } = await bundleEntry(t, {
    "users/users.ts": `import { limit } from "./index"; export default limit;`,
    "users/index.ts": `export { User, limit } from "./types";`,
    "users/types.ts": `export interface User { age: number }`,
  });
  assert.ok(!outcome.ok);
  assert.deepEqual(
    [...new Set(outcome.diagnostics.map(({ code, message }) => `${code} ${/"(\w+)"/.exec(message)?.[1]}`))],
    ["TN1822 limit"],
  );
});

test("what is imported at run time may be missing until then", async (t) => {
  const { outcome } = await bundleEntry(t, {
    "users/users.ts": `export default async () => (await import("not-installed")).default;`,
  });
  assert.ok(outcome.ok);
  assert.match(outcome.bundle.code, /import\("not-installed"\)/);
});

test("JSX that the settings leave to somebody else is compiled", async (t) => {
  const files = {
    "users/users.ts": `export { default } from "./card";`,
    "users/card.tsx": "export default () => <b>x</b>;",
  };
  const appDir = await temporaryApp(t, {
    ...files,
    "tsconfig.json": '{ "compilerOptions": { "jsx": "preserve" } }',
    "node_modules/react/package.json": '{ "name": "react", "version": "1.0.0" }',
    "node_modules/react/jsx-runtime.js": "export const jsx = (tag) => tag;",
  });
  const settings = { ...settingsFor(appDir, "development", join(appDir, "tsconfig.json")), keepsJsx: true };
  const entry = `export { default } from ${JSON.stringify(join(appDir, "users/users.ts"))};\n`;
  const outcome = await bundleService("users", entry, settings);
  assert.ok(outcome.ok);
  assert.match(outcome.bundle.code, /jsx\("b"/);
});

test("a file knows where it stands, in a build that moves from the working directory", async (t) => {
  const files = { "users/users.ts": "export default [__dirname, __filename, import.meta.dirname, import.meta.url];" };
  const development = await bundleEntry(t, files);
  assert.ok(development.outcome.ok);
  const file = JSON.stringify(join(development.appDir, "users/users.ts"));
  assert.ok(development.outcome.bundle.code.includes(file), development.outcome.bundle.code);
  const production = await bundleEntry(t, files, "production");
  assert.ok(production.outcome.ok);
  assert.ok(!production.outcome.bundle.code.includes(production.appDir));
  assert.match(production.outcome.bundle.code, /resolve\("users"\)/);
});
