// The bill of materials against the schema of its format, and what it takes from package.json and lock files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { temporaryApp } from "../testing-app.test.support.ts";
import { billOfMaterials, billText, partOfBill } from "./bill-of-materials.ts";
import { readIntegrities } from "./lock-file.ts";
import { packageFacts } from "./package-facts.ts";

const digest = "a".repeat(64);
const integrity = `sha256-${Buffer.from(digest, "hex").toString("base64")}`;

const installed = {
  "package.json": '{ "name": "shop" }',
  "node_modules/@scope/plain/package.json":
    '{ "name": "@scope/plain", "version": "1.2.3+a", "license": "(MIT OR Apache-2.0)" }',
  "node_modules/words/package.json": '{ "name": "words", "version": "2.0.0", "license": "SEE LICENSE IN LICENSE.md" }',
  "node_modules/old/package.json":
    '{ "name": "old", "version": "3.0.0", "licenses": [{ "type": "MIT" }, { "type": "GPL-2.0" }] }',
  "node_modules/silent/package.json": '{ "name": "silent", "version": "4.0.0" }',
  "package-lock.json": JSON.stringify({
    lockfileVersion: 3,
    packages: { "": { name: "shop" }, "node_modules/@scope/plain": { version: "1.2.3+a", integrity } },
  }),
};

const names = ["@scope/plain", "words", "old", "silent"];

test("it is right by the schema of CycloneDX 1.6, and the same whatever the order", async (t) => {
  const appDir = await temporaryApp(t, installed);
  const integrities = readIntegrities(appDir);
  const facts = names.flatMap((name) => packageFacts(join(appDir, "node_modules", name), integrities) ?? []);
  const old = "pkg:npm/old@3.0.0";
  const needs = new Map([
    ["", ["pkg:npm/words@2.0.0", old, old]],
    ["pkg:npm/words@2.0.0", [old, "pkg:npm/elsewhere@1.0.0"]],
  ]);
  const bill = billOfMaterials("shop", facts, needs);
  assert.equal(billText(billOfMaterials("shop", [...facts, ...facts].reverse(), needs)), billText(bill));
  const validate = await cyclonedxSchema();
  assert.ok(validate(bill), JSON.stringify(validate.errors));
  assert.equal(validate({ ...bill, components: [{ type: "library" }] }), false, "the schema sees what is wrong");
  assert.deepEqual(
    bill.components.map(({ purl, licenses }) => [purl, licenses]),
    [
      ["pkg:npm/%40scope/plain@1.2.3%2Ba", [{ expression: "(MIT OR Apache-2.0)" }]],
      ["pkg:npm/old@3.0.0", [{ expression: "(MIT OR GPL-2.0)" }]],
      ["pkg:npm/silent@4.0.0", undefined],
      ["pkg:npm/words@2.0.0", [{ license: { name: "SEE LICENSE IN LICENSE.md" } }]],
    ],
  );
  assert.deepEqual(bill.components[0]?.hashes, [{ alg: "SHA-256", content: digest }]);
  assert.deepEqual(bill.dependencies[0], { ref: "app:shop", dependsOn: [old, "pkg:npm/words@2.0.0"] });
  assert.deepEqual(bill.dependencies.at(-1), { ref: "pkg:npm/words@2.0.0", dependsOn: [old] });
  const part = partOfBill(bill, new Set([old]));
  assert.deepEqual(part.components, [bill.components[1]]);
  assert.deepEqual(part.dependencies, [
    { ref: "app:shop", dependsOn: [old] },
    { ref: old, dependsOn: [] },
  ]);
});

test("hashes come from the lock files of npm, pnpm and Yarn", async (t) => {
  const locks = {
    "package-lock.json": JSON.stringify({
      packages: { "node_modules/a/node_modules/b": { version: "1.0.0", integrity } },
    }),
    "pnpm-lock.yaml": `lockfileVersion: '9.0'\npackages:\n\n  b@1.0.0:\n    resolution: {integrity: ${integrity}}\n    engines: {node: '>=4'}\n`,
    "yarn.lock": `# yarn lockfile v1\n\n\nb@^1.0.0, b@~1.0.0:\n  version "1.0.0"\n  resolved "https://registry.example/b.tgz"\n  integrity ${integrity}\n`,
  };
  for (const [file, text] of Object.entries(locks)) {
    const appDir = await temporaryApp(t, { [file]: text, "inner/package.json": "{}" });
    const integrities = readIntegrities(join(appDir, "inner"));
    assert.equal(integrities.of(join(appDir, "node_modules/b"), "b", "1.0.0"), integrity, file);
    assert.equal(integrities.of(join(appDir, "node_modules/b"), "b", "1.0.1"), undefined, file);
  }
});

async function cyclonedxSchema() {
  const library = createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json");
  const read = async (name: string) =>
    JSON.parse(await readFile(join(dirname(library), "res/schema", `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(await read("spdx"), "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json");
  ajv.addSchema(await read("jsf-0.82"), "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json");
  return ajv.compile(await read("bom-1.6"));
}
