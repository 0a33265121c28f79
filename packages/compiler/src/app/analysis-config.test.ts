// The settings written for analysis, judged by both TypeScripts that read them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { createClientsWriter } from "../emit/clients/write-clients.ts";
import { temporaryApp } from "../testing-app.test.support.ts";
import { ensureTsconfig } from "./default-tsconfig.ts";
import { prepareApp } from "./prepare-app.ts";

const run = promisify(execFile);

const sources = {
  "users/users.ts": `import { api } from "tenon/api";\nexport const get = api({}, async ({ id }: { id: string }) => ({ id }));\n`,
  "orders/orders.ts": `import { api } from "encore.dev/api";
import { users as same } from "~encore/clients";
import { users } from "~tenon/clients";
import { helper } from "#lib/helper";
export const create = api({}, async () => {
  const id: string = (await users.get({ id: helper })).id;
  return same.get({ id });
});
export const wrong: number = helper;
`,
  "lib/helper.ts": `export const helper: string = "x";\n`,
};

async function complaints(t: TestContext, files: Record<string, string>): Promise<string[]> {
  const appDir = await temporaryApp(t, { ...sources, ...files });
  const { prepared, diagnostics } = await prepareApp(appDir);
  assert.ok(prepared, JSON.stringify(diagnostics));
  const endpoints = [{ name: "get", kind: "typed" as const, file: "users/users.ts", exportName: "get" }];
  const known = { graph: null, contracts: new Map() };
  await createClientsWriter(appDir, prepared.folders).write([{ name: "users", endpoints }], known, null);
  const both = ["typescript-native", "typescript-classic"].map(async (name) => {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const tsc = join(dirname(manifest), "bin/tsc");
    const failure = await run(process.execPath, [tsc, "-p", prepared.configFile, "--pretty", "false"], {
      cwd: appDir,
    }).catch((error) => error);
    return `${name}: ${String(failure.stdout).trim()}`;
  });
  return Promise.all(both);
}

/** Everything resolves and only the one mistake in the sources is found, by both. */
const onlyTheMistake = ["typescript-native", "typescript-classic"].map(
  (name) => `${name}: orders/orders.ts(9,14): error TS2322: Type 'string' is not assignable to type 'number'.`,
);

const tsconfig = (compilerOptions: object, rest: object = {}) => JSON.stringify({ compilerOptions, ...rest });
const lib = { "#lib/*": ["./lib/*.ts"] };

test("bundler resolution, with options that only matter for output", async (t) => {
  const options = { module: "esnext", moduleResolution: "bundler", types: [], strict: true, paths: lib };
  const output = { composite: true, declaration: true, outDir: "./out", rootDir: "./", tsBuildInfoFile: "./out/info" };
  assert.deepEqual(await complaints(t, { "tsconfig.json": tsconfig({ ...options, ...output }) }), onlyTheMistake);
});

test("nodenext resolution in a package of ES modules", async (t) => {
  const config = tsconfig({ module: "nodenext", types: [], strict: true, isolatedModules: true, paths: lib });
  assert.deepEqual(
    await complaints(t, { "tsconfig.json": config, "package.json": '{ "type": "module" }' }),
    onlyTheMistake,
  );
});

test("paths of a config further up, relative to its baseUrl, and an include that is too narrow", async (t) => {
  const base = tsconfig({
    baseUrl: "../lib",
    paths: { "#lib/*": ["*"] },
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
    strict: true,
  });
  const config = tsconfig({}, { extends: "./configs/base.json", include: ["nothing"] });
  assert.deepEqual(await complaints(t, { "tsconfig.json": config, "configs/base.json": base }), onlyTheMistake);
});

test("what the user excludes stays out", async (t) => {
  const config = tsconfig({ module: "esnext", moduleResolution: "bundler", types: [] }, { exclude: ["orders"] });
  assert.deepEqual(await complaints(t, { "tsconfig.json": config }), ["typescript-native: ", "typescript-classic: "]);
});

test("the settings made for an app that has none", async (t) => {
  const appDir = await temporaryApp(t, sources);
  assert.equal(await ensureTsconfig(appDir), true);
  assert.equal(await ensureTsconfig(appDir), false);
  const made = { "orders/orders.ts": sources["orders/orders.ts"].replace("#lib/helper", "../lib/helper") };
  assert.deepEqual(await complaints(t, made), onlyTheMistake);
});
