import assert from "node:assert/strict";
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { locateTenon, type TenonPackage } from "../app/locate-tenon.ts";
import { temporaryApp } from "../testing-app.test.support.ts";
import { placeEncoreShim } from "./encore-shim.ts";

const tenon = locateTenon(import.meta.dirname) as TenonPackage;

async function appWithTenon(t: TestContext, files: Record<string, string> = {}): Promise<string> {
  const dir = await temporaryApp(t, files);
  await mkdir(join(dir, "node_modules"), { recursive: true });
  await symlink(tenon.dir, join(dir, "node_modules/tenon"));
  return dir;
}

test("the shim makes encore.dev the same modules as tenon", async (t) => {
  const dir = await appWithTenon(t);
  assert.equal(await placeEncoreShim(dir, tenon), null);
  const require = createRequire(join(dir, "x.js"));
  const ours = (await import(tenon.modules["tenon/api"]?.code ?? "")) as { api: unknown };
  const shimmed = (await import(require.resolve("encore.dev/api"))) as { api: unknown };
  assert.equal(shimmed.api, ours.api);
  const log = (await import(require.resolve("encore.dev/log"))) as { default?: unknown };
  assert.notEqual(log.default, undefined);
});

test("placing it again writes nothing; another version replaces it", async (t) => {
  const dir = await appWithTenon(t);
  await placeEncoreShim(dir, tenon);
  const manifest = join(dir, "node_modules/encore.dev/package.json");
  const { mtimeMs } = await stat(manifest);
  await placeEncoreShim(dir, tenon);
  assert.equal((await stat(manifest)).mtimeMs, mtimeMs);
  await placeEncoreShim(dir, { ...tenon, version: "9.9.9" });
  assert.equal(JSON.parse(await readFile(manifest, "utf8")).version, "9.9.9");
});

test("a real install is left alone", async (t) => {
  const real = '{ "name": "encore.dev", "version": "1.50.0" }';
  const dir = await appWithTenon(t, { "node_modules/encore.dev/package.json": real });
  assert.equal(await placeEncoreShim(dir, tenon), null);
  assert.equal(await readFile(join(dir, "node_modules/encore.dev/package.json"), "utf8"), real);
  await assert.rejects(stat(join(dir, "node_modules/encore.dev/api.js")));
});

test("without tenon in reach the shim would lead nowhere", async (t) => {
  const dir = await temporaryApp(t, {});
  assert.equal((await placeEncoreShim(dir, tenon))?.code, "TN1807");
});
