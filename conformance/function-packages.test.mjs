// What is sent to a platform for each function: package.sh of `tenon deploy` makes a folder of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { runTenon } from "./harness/tenon.mjs";

test("each package holds the code of its own function, and nothing of the others", async (t) => {
  const app = await copyApp("conformance/apps/topology");
  t.after(() => app.remove());
  const { code, stdout, stderr } = await runTenon(["deploy", "lambda", app.dir, "--placement", "per-service"]);
  assert.equal(code, 0, stdout + stderr);
  const out = join(app.dir, "deploy/lambda");
  const packed = spawnSync("sh", ["package.sh", app.dir], { cwd: out, encoding: "utf8", timeout: 120_000 });
  assert.equal(packed.status, 0, packed.stdout + packed.stderr);
  const bundles = {};
  const withCodeOfCaller = [];
  for (const name of await readdir(join(out, "packages"))) {
    const found = await readdir(join(out, "packages", name), { recursive: true, withFileTypes: true });
    const files = found.filter((file) => file.isFile()).map((file) => join(file.parentPath ?? file.path, file.name));
    bundles[name] = files.filter((file) => /[\\/]services[\\/][^\\/]+\.js$/.test(file)).map((file) => basename(file));
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    if (texts.some((text) => text.includes("undeclared fields stay inside"))) withCodeOfCaller.push(name);
  }
  assert.deepEqual(bundles, { caller: ["caller.js"], echo: ["echo.js"], gateway: [] });
  assert.deepEqual(withCodeOfCaller, ["caller"]);
});
