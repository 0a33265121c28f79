import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { locateTenon } from "../app/locate-tenon.ts";
import { readFolder, temporaryApp } from "../testing-app.test.support.ts";
import { bundleRuntime } from "./bundle-runtime.ts";

const run = promisify(execFile);

test("the runtime of a build stands alone, is one instance, and is the same every time", async (t) => {
  const tenon = locateTenon(import.meta.dirname);
  assert.ok(tenon);
  const api = JSON.stringify(tenon.modules["tenon/api"]?.code);
  const dir = await temporaryApp(t, {
    "start.mjs": `import { APIError } from ${api};\nconst own = await import(new URL("./tenon/api.js", import.meta.url).href);\nconsole.log(own.APIError === APIError, typeof (await import(new URL("./codec.js", import.meta.url).href)));\n`,
    "first/package.json": '{ "type": "module" }',
    "second/elsewhere/package.json": '{ "type": "module" }',
  });
  const parts = { startFile: join(dir, "start.mjs"), modules: ["tenon/api"] };
  await bundleRuntime(tenon, parts, join(dir, "first"));
  await bundleRuntime(tenon, parts, join(dir, "second/elsewhere"));

  const first = await readFolder(join(dir, "first"));
  assert.deepEqual(await readFolder(join(dir, "second/elsewhere")), first);
  for (const [name, content] of Object.entries(first)) {
    assert.ok(!content.includes(dir) && !content.includes(tenon.dir), `${name} names a folder of this machine`);
  }
  const names = Object.keys(first);
  assert.ok(names.includes("tenon/api.js") && !names.includes("tenon/pubsub.js"), names.join());
  const { stdout } = await run(process.execPath, [join(dir, "first/main.js")]);
  assert.equal(stdout, "true object\n");
});
