// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the name as TypeScript's settings have it
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryApp } from "../testing-app.test.support.ts";
import { readTsconfig } from "./tsconfig.ts";

test("paths come from the nearest config of the chain that has them, made absolute from where they stand", async (t) => {
  const dir = await temporaryApp(t, {
    "tsconfig.json":
      '{ "extends": ["./configs/base", "pkg/strict.json"], /* ours */ "compilerOptions": { "strict": true } }',
    "configs/base.json":
      '{ "compilerOptions": { "paths": { "@lib/*": ["../lib/*"] }, "target": "es2020" }, "exclude": ["../old"] }',
    "node_modules/pkg/package.json": '{ "name": "pkg" }',
    "node_modules/pkg/strict.json": '{ "compilerOptions": { "target": "es2022", "strict": false } }',
  });
  const tsconfig = await readTsconfig(dir);
  assert.deepEqual(tsconfig?.diagnostics, []);
  assert.deepEqual(tsconfig?.paths, { "@lib/*": [join(dir, "lib/*")] });
  assert.deepEqual(tsconfig?.exclude, [join(dir, "old")]);
  assert.equal(tsconfig?.compilerOptions["target"], "es2022");
  assert.equal(tsconfig?.compilerOptions["strict"], true);
});

test("baseUrl moves the paths and becomes a pattern of its own", async (t) => {
  const dir = await temporaryApp(t, {
    "tsconfig.json": '{ "compilerOptions": { "baseUrl": "./src", "paths": { "#x": ["x.ts"] } } }',
  });
  assert.deepEqual((await readTsconfig(dir))?.paths, { "#x": [join(dir, "src/x.ts")], "*": [join(dir, "src/*")] });
});

test("${configDir} is the app's folder, also in a config it extends", async (t) => {
  const dir = await temporaryApp(t, {
    "tsconfig.json": '{ "extends": "./configs/base.json" }',
    "configs/base.json": '{ "compilerOptions": { "paths": { "#x/*": ["${configDir}/x/*"] } } }',
  });
  assert.deepEqual((await readTsconfig(dir))?.paths, { "#x/*": [join(dir, "x/*")] });
});

test("a missing base, a circle and broken JSON are refused with their place", async (t) => {
  const dir = await temporaryApp(t, {
    "tsconfig.json": '{\n  "extends": ["./nope.json", "./circle.json"],\n  "include": [\n}',
    "circle.json": '{ "extends": "./tsconfig.json" }',
  });
  const found = (await readTsconfig(dir))?.diagnostics.map((d) => `${d.file}:${d.line}:${d.column} ${d.message}`);
  assert.ok(
    found?.some((line) => line.startsWith("tsconfig.json:2:15") && line.includes("cannot be found")),
    String(found),
  );
  assert.ok(
    found?.some((line) => line.startsWith("circle.json:1:14") && line.includes("extends itself")),
    String(found),
  );
  assert.ok(
    found?.some((line) => line.startsWith("tsconfig.json:4:1")),
    String(found),
  );
});

test("an app without tsconfig has none", async (t) => {
  assert.equal(await readTsconfig(await temporaryApp(t, {})), null);
});
