// Which packages stay folders, and that a build with them runs where nothing else is installed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { temporaryApp } from "../testing-app.test.support.ts";
import { bundleForProduction } from "./bundle-for-production.ts";
import type { BundleSettings } from "./bundle-settings.ts";
import { packagesIn } from "./kept-specifier.ts";
import { placePackages } from "./place-packages.ts";

const run = promisify(execFile);

const files = {
  "package.json": '{ "dependencies": { "orm": "1", "driver": "1", "plain": "1" } }',
  "users/users.ts": `import orm from "orm"; import { plain } from "plain"; import { name } from "driver";
console.log(orm.load("driver"), plain, name, orm.template());`,
  "node_modules/plain/package.json": '{ "name": "plain", "version": "1.0.0", "main": "./main.js" }',
  "node_modules/plain/main.js": 'exports.plain = "plain";',
  "node_modules/orm/package.json": '{ "name": "orm", "version": "1.0.0", "main": "./main.js" }',
  "node_modules/orm/main.js": `exports.load = (name) => require(name).name;
exports.template = () => require("node:fs").readFileSync(__dirname + "/template.txt", "utf8");`,
  "node_modules/orm/template.txt": "template",
  "node_modules/orm/main.d.ts": "export {};",
  "node_modules/driver/package.json": '{ "name": "driver", "version": "1.0.0", "main": "./main.js" }',
  "node_modules/driver/main.js": 'exports.name = "driver " + (globalThis.loaded = (globalThis.loaded ?? 0) + 1);',
};

async function bundle(t: TestContext, changed: Record<string, string> = {}) {
  const appDir = await temporaryApp(t, { ...files, ...changed });
  const outDir = join(appDir, "out");
  const settings: BundleSettings = {
    appDir,
    mode: "production",
    tsconfigFile: null,
    tenon: { dir: appDir, version: "0", modules: {} },
    folders: { tenon: join(appDir, ".tenon/gen"), encore: join(appDir, "encore.gen"), encoreConfigured: false },
    outDir,
  };
  const outcome = await bundleForProduction(
    "users",
    `import ${JSON.stringify(join(appDir, "users/users.ts"))};`,
    settings,
  );
  assert.ok(outcome.ok);
  return { appDir, outDir, bundle: outcome.bundle };
}

test("what looks for its place or loads by name stays a folder, as one instance, and runs from the build", async (t) => {
  const { appDir, outDir, bundle: made } = await bundle(t);
  await mkdir(join(outDir, "services"), { recursive: true });
  await writeFile(join(outDir, "package.json"), '{ "type": "module" }');
  await writeFile(join(outDir, "services/users.js"), `${made.code}//# sourceMappingURL=users.js.map\n`);
  await placePackages(appDir, outDir);
  const away = join(appDir, "..", `away-${process.pid}`);
  t.after(() => rm(away, { recursive: true, force: true }));
  await rename(outDir, away);
  await rm(join(appDir, "node_modules"), { recursive: true });
  const { stdout } = await run(process.execPath, [join(away, "services/users.js")]);
  assert.equal(stdout, "driver 1 plain driver 1 template\n");
  await assert.rejects(run("ls", [join(away, "node_modules/orm/main.d.ts")]));
});

test("packages that need nothing of the kind are bundled", async (t) => {
  const { bundle: made } = await bundle(t, {
    "users/users.ts": `import { plain } from "plain"; console.log(plain);`,
  });
  assert.deepEqual(packagesIn(made.code).kept, []);
  assert.ok(made.code.includes('"plain"'));
});

test("drivers whose statements are traced stay folders", async (t) => {
  const { appDir, bundle: made } = await bundle(t, {
    "users/users.ts": `import pg from "pg"; console.log(pg);`,
    "node_modules/pg/package.json": '{ "name": "pg", "version": "8.0.0", "main": "./lib/index.js" }',
    "node_modules/pg/lib/index.js": "module.exports = {};",
  });
  assert.deepEqual(packagesIn(made.code).kept, [join(appDir, "node_modules/pg")]);
  assert.ok(made.inputs.includes(join(appDir, "node_modules/pg/lib/index.js")));
});
