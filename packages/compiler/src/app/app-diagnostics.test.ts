import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { appDiagnostic, appDiagnostics } from "./app-diagnostics.ts";
import { wholeApp } from "../diagnose/place.ts";

test("the reference explains every code and no other", async () => {
  const file = join(import.meta.dirname, "../../../../docs/reference/app-diagnostics.md");
  const explained = [...(await readFile(file, "utf8")).matchAll(/^## (TN\d+)\b/gm)].map(([, code]) => code);
  assert.deepEqual(explained, Object.keys(appDiagnostics));
});

test("words are filled in, in message and hint", () => {
  const { message, hint } = appDiagnostic("TN1802", wholeApp, {
    field: "id",
    file: "tenon.json",
    expected: "a string",
  });
  assert.equal(message, '"id" in tenon.json must be a string');
  assert.match(hint ?? "", /leave "id" out/);
});
