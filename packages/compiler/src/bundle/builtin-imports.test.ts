// Imports of Node's modules become calls of `require` that mean the same; everything else stays.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryApp } from "../testing-app.test.support.ts";
import { requireBuiltins } from "./builtin-imports.ts";

test("names, renamed names and the module itself are required", () => {
  const code = [
    'import http, { Agent, request as request$1 } from "node:http";',
    'import { readFile } from "node:fs/promises";',
    'import fs from "node:fs";',
    "",
  ].join("\n");
  assert.deepEqual(requireBuiltins(code).split("\n").slice(2), [
    'const http = $require("node:http"); const { Agent, request: request$1 } = $require("node:http");',
    'const { readFile } = $require("node:fs/promises");',
    'const fs = $require("node:fs");',
    "",
  ]);
});

test("other imports, namespaces and text that looks like an import stay", () => {
  const code = [
    'import { a } from "./shared/core.js";',
    'import * as path from "node:path";',
    'import "node:http";',
    'const text = `a\n  import { b } from "node:http";`;',
    'const { get } = await import("node:https");',
  ].join("\n");
  assert.equal(requireBuiltins(code), code);
});

test("what is required is what an import would give", async (t) => {
  const dir = await temporaryApp(t, {});
  const file = join(dir, "module.mjs");
  const code = 'import net, { connect as open, isIP } from "node:net";\nexport const found = [net, open, isIP];\n';
  await writeFile(file, requireBuiltins(code));
  const { found } = (await import(pathToFileURL(file).href)) as { found: unknown[] };
  const net = await import("node:net");
  assert.deepEqual(found, [net.default, net.connect, net.isIP]);
});
