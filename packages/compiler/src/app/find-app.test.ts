import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { test } from "node:test";
import { temporaryApp } from "../testing-app.test.support.ts";
import { readApp } from "./find-app.ts";
import { findAppDir } from "./find-app-dir.ts";

test("the nearest app file decides, before any package.json on the way", async (t) => {
  const dir = await temporaryApp(t, {
    "tenon.json": "{}",
    "services/package.json": "{}",
    "services/users/users.ts": "",
  });
  assert.equal(findAppDir(join(dir, "services", "users")), dir);
});

test("without an app file the nearest package.json decides", async (t) => {
  const dir = await temporaryApp(t, { "package.json": "{}", "users/users.ts": "" });
  assert.equal(findAppDir(join(dir, "users")), dir);
});

test("an app file may have comments, trailing commas and a byte order mark", async (t) => {
  const dir = await temporaryApp(t, { "encore.app": '\uFEFF{\n  // the id\n  "id": "shop",\n}\n' });
  const app = await readApp(dir);
  assert.deepEqual(app.diagnostics, []);
  assert.equal(app.id, "shop");
  assert.equal(app.appFile, "encore.app");
});

test("an app without id is named after its folder", async (t) => {
  const dir = await temporaryApp(t, { "tenon.json": "{}" });
  assert.equal((await readApp(dir)).id, basename(dir));
});

test("a broken app file is refused with its place", async (t) => {
  const dir = await temporaryApp(t, { "tenon.json": '{\n  "id": "shop"\n  "cors": {}\n}' });
  const [first] = (await readApp(dir)).diagnostics;
  assert.equal(first?.code, "TN1801");
  assert.deepEqual([first?.file, first?.line, first?.column], ["tenon.json", 3, 3]);
});

test("an id that is not a string is refused with its place", async (t) => {
  const dir = await temporaryApp(t, { "tenon.json": '{\n  "id": 12\n}' });
  const { diagnostics } = await readApp(dir);
  assert.equal(diagnostics.length, 1);
  assert.equal(diagnostics[0]?.code, "TN1802");
  assert.deepEqual([diagnostics[0]?.line, diagnostics[0]?.column, diagnostics[0]?.endColumn], [2, 9, 11]);
});

test("a fast lane that is neither on nor off is refused with its place", async (t) => {
  const dir = await temporaryApp(t, { "tenon.json": '{\n  "id": "shop",\n  "fastLane": "off"\n}' });
  const { diagnostics } = await readApp(dir);
  assert.deepEqual([diagnostics[0]?.code, diagnostics[0]?.line, diagnostics[0]?.column], ["TN1802", 3, 15]);
  const off = await temporaryApp(t, { "tenon.json": '{ "id": "shop", "fastLane": false }' });
  assert.deepEqual((await readApp(off)).diagnostics, []);
});

test("a number of workers that cannot be is refused with its place", async (t) => {
  const dir = await temporaryApp(t, { "tenon.json": '{\n  "id": "shop",\n  "workers": 0\n}' });
  const { id, diagnostics } = await readApp(dir);
  assert.equal(id, basename(dir));
  assert.deepEqual([diagnostics[0]?.code, diagnostics[0]?.line, diagnostics[0]?.column], ["TN1802", 3, 14]);
  const cores = await temporaryApp(t, { "tenon.json": '{ "id": "shop", "workers": "cores" }' });
  assert.deepEqual((await readApp(cores)).diagnostics, []);
});
