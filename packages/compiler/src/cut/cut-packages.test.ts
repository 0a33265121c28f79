// What a unit gets of the packages that stayed folders, where the whole build has two versions of one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { Graph } from "@tenon/model";
import { readFolder, temporaryApp } from "../testing-app.test.support.ts";
import { cutPackages } from "./cut-packages.ts";

const run = promisify(execFile);

const second = "node_modules/.versions/1/node_modules/dep";
const record = {
  engines: ["pkg:npm/engine@1.0.0"],
  chosen: [],
  services: {
    orders: { bundled: ["pkg:npm/small@1.0.0"], imported: ["node_modules/dep"], kept: ["node_modules/dep"] },
    users: { bundled: [], imported: [second], kept: [second, "node_modules/leaf"] },
  },
  places: {
    "node_modules/dep": "pkg:npm/dep@1.0.0",
    [second]: "pkg:npm/dep@2.0.0",
    "node_modules/leaf": "pkg:npm/leaf@1.0.0",
  },
};

const files = {
  "packages.json": JSON.stringify(record),
  "package.json": '{ "type": "module" }',
  "services/users.js": `import dep from "../${second}/main.js";\nconsole.log(dep);\n`,
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "type": "commonjs" }',
  "node_modules/dep/main.js": 'module.exports = "one";',
  [`${second}/package.json`]:
    '{ "name": "dep", "version": "2.0.0", "type": "commonjs", "dependencies": { "leaf": "1" } }',
  [`${second}/main.js`]: 'module.exports = "two, " + require("leaf");',
  "node_modules/leaf/package.json": '{ "name": "leaf", "version": "1.0.0", "type": "commonjs", "main": "main.js" }',
  "node_modules/leaf/main.js": 'module.exports = "leaf";',
};

test("its own version lies where it would if there were no other, with all that it needs", async (t) => {
  const buildDir = await temporaryApp(t, files);
  const outDir = await temporaryApp(t, {});
  await cp(join(buildDir, "services"), join(outDir, "services"), { recursive: true });
  await cp(join(buildDir, "package.json"), join(outDir, "package.json"));
  const unit = { services: ["users"], gateway: false };
  const graph = { app: { id: "shop", unit } } as unknown as Graph;
  const purls = await cutPackages(graph, buildDir, outDir);
  assert.deepEqual(purls.toSorted(), ["pkg:npm/dep@2.0.0", "pkg:npm/leaf@1.0.0"]);
  assert.deepEqual(Object.keys(await readFolder(join(outDir, "node_modules"))).sort(), [
    "dep/main.js",
    "dep/package.json",
    "leaf/main.js",
    "leaf/package.json",
  ]);
  const { stdout } = await run(process.execPath, [join(outDir, "services/users.js")]);
  assert.equal(stdout, "two, leaf\n");
});
