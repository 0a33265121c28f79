// Imports of Node's modules become plain look-ups that mean the same; everything else stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { takeBuiltins } from "./builtin-imports.ts";

test("names, renamed names and the module itself are taken", () => {
  const code = [
    'import http, { Agent, request as request$1 } from "node:http";',
    'import { readFile } from "node:fs/promises";',
    'import fs from "node:fs";',
    "",
  ].join("\n");
  assert.equal(
    takeBuiltins(code),
    [
      'const http = process.getBuiltinModule("node:http"); const { Agent, request: request$1 } = process.getBuiltinModule("node:http");',
      'const { readFile } = process.getBuiltinModule("node:fs/promises");',
      'const fs = process.getBuiltinModule("node:fs");',
      "",
    ].join("\n"),
  );
});

test("other imports, namespaces and text that looks like an import stay", () => {
  const code = [
    'import { a } from "./shared/core.js";',
    'import * as path from "node:path";',
    'import "node:http";',
    'const text = `a\n  import { b } from "node:http";`;',
    'const { get } = await import("node:https");',
  ].join("\n");
  assert.equal(takeBuiltins(code), code);
});

test("what is taken is what an import would give", async () => {
  const code = takeBuiltins(
    'import net, { connect as open, isIP } from "node:net";\nexport const found = [net, open, isIP];\n',
  );
  const { found } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { found: unknown[] };
  const net = await import("node:net");
  assert.deepEqual(found, [net.default, net.connect, net.isIP]);
});
