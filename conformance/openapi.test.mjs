// The OpenAPI document and the client of every app here, of the shop, and of an app of 500 endpoints: two independent validators accept
// the one, TypeScript under strict settings the other.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { emitOpenApi, emitTypeScriptClient } from "@tenon/compiler";
import { generateApp } from "../bench/compile/generate-app.mjs";
import { copyApp } from "./harness/app-copy.mjs";
import { root, runNode, runTenon, typescriptCommands } from "./harness/tenon.mjs";

const url = "http://localhost:4000";
const programs = await readdir(join(root, "conformance/apps"));
const largeServices = 50;

async function graphOf(dir) {
  const { code, stdout, stderr } = await runTenon(["graph", dir]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

async function assertValid(document) {
  const { errors = [] } = await new Validator().validate(structuredClone(document));
  assert.deepEqual(errors, []);
  const config = await createConfig({ extends: ["spec"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`),
    [],
  );
}

function operationsOf({ paths }) {
  return Object.values(paths).flatMap((item) => Object.values(item));
}

describe("OpenAPI documents and clients", () => {
  let folder;
  const copies = [];

  before(async () => {
    await mkdir(join(root, "tmp"), { recursive: true });
    folder = await mkdtemp(join(root, "tmp/openapi-"));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    for (const copy of copies) await copy.remove();
  });

  async function assertCompiles(name, client) {
    const dir = join(folder, `client-${name}`);
    const compilerOptions = {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["es2022", "dom", "dom.iterable"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      erasableSyntaxOnly: true,
      noEmit: true,
    };
    await mkdir(dir);
    await writeFile(join(dir, "client.ts"), client);
    await writeFile(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const result = await runNode(typescriptCommands.native, ["-p", dir, "--pretty", "false"]);
    assert.equal(result.stdout + result.stderr, "");
  }

  for (const source of ["examples/shop", ...programs.map((name) => `conformance/apps/${name}`)]) {
    test(`${source}`, async () => {
      const copy = await copyApp(source);
      copies.push(copy);
      const graph = await graphOf(copy.dir);
      const exposed = graph.services.flatMap(({ endpoints }) => endpoints).filter(({ expose }) => expose);
      const document = emitOpenApi(graph, { serverUrl: url });
      await assertValid(document);
      await assertValid(emitOpenApi(graph, { serverUrl: url, includePrivate: true }));
      const described = new Set(operationsOf(document).map((operation) => operation["x-tenon-endpoint"]));
      assert.equal(described.size, exposed.length);
      await assertCompiles(
        source.replaceAll("/", "-"),
        emitTypeScriptClient(graph, { localUrl: url, includePrivate: true }),
      );
    });
  }

  test("500 endpoints", async () => {
    const dir = join(folder, "large");
    generateApp(dir, largeServices);
    const graph = await graphOf(dir);
    const document = emitOpenApi(graph, { serverUrl: url, includePrivate: true });
    assert.equal(operationsOf(document).length, 500);
    await assertValid(document);
    await assertCompiles("large", emitTypeScriptClient(graph, { localUrl: url, includePrivate: true }));
  });
});
