// A real package with native code, as npm installs it: one that asks for a package of its platform by a name made at run time. And what is said of
// native code that cannot work.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { temporaryApp } from "../testing-app.test.support.ts";
import { bundleForProduction } from "./bundle-for-production.ts";
import type { BundleSettings } from "./bundle-settings.ts";
import { installedFolder, neededBy, packageName } from "./installed-package.ts";
import { nativePlatform } from "./native-file.ts";
import { nativeProblems } from "./native-problems.ts";
import { placePackages } from "./place-packages.ts";

const run = promisify(execFile);
const here = { os: process.platform as string, cpu: process.arch as string };
const other = { os: here.os, cpu: here.cpu === "arm64" ? "x64" : "arm64" };

/** Vite brings it; absolute folders of it and of what it needs. */
function lightningcss(): string[] {
  const vite = installedFolder("vite", import.meta.dirname);
  const folder = vite === null ? null : installedFolder("lightningcss", vite);
  return folder === null ? [] : [folder, ...neededBy(folder, new Set())];
}

const folders = lightningcss();
const skip = folders.length > 2 ? false : "lightningcss has no package for this platform here";

test("a native addon and the package of its platform come along, and run where nothing is installed", {
  skip,
}, async (t) => {
  const { appDir, outDir } = await built(t);
  const away = `${appDir}-away`;
  t.after(() => rm(away, { recursive: true, force: true }));
  await rename(outDir, away);
  await rm(join(appDir, "node_modules"), { recursive: true });
  const { stdout } = await run(process.execPath, [join(away, "services/users.js")]);
  assert.equal(stdout, "a{color:red}\n");
});

test("a platform whose native package is not installed is told, and this one is not", { skip }, async (t) => {
  const { outDir } = await built(t);
  assert.deepEqual(await nativeProblems(outDir, here), []);
  const [problem, ...others] = await nativeProblems(outDir, other);
  assert.deepEqual(others, []);
  assert.match(problem?.package ?? "", /^lightningcss@\d/);
  assert.match(problem?.reason ?? "", /^of its native packages only lightningcss-\S+ is installed$/);
});

test("native code for others, and such that was never made, is told", async (t) => {
  const buildDir = await temporaryApp(t, {
    "node_modules/foreign/package.json": '{ "name": "foreign", "version": "1.0.0" }',
    "node_modules/unmade/package.json": '{ "name": "unmade", "version": "2.0.0", "gypfile": true }',
    "node_modules/both/package.json":
      '{ "name": "both", "version": "3.0.0", "scripts": { "install": "node-gyp rebuild" } }',
    "node_modules/plain/package.json": '{ "name": "plain", "version": "4.0.0" }',
  });
  const arm64 = elf(183);
  await writeFile(join(buildDir, "node_modules/foreign/addon.node"), arm64);
  await writeFile(join(buildDir, "node_modules/both/arm64.node"), arm64);
  await writeFile(join(buildDir, "node_modules/both/x64.node"), elf(62));
  assert.deepEqual(await nativeProblems(buildDir, { os: "linux", cpu: "x64" }), [
    { package: "foreign@1.0.0", reason: "its native code is for linux-arm64 alone" },
    {
      package: "unmade@2.0.0",
      reason: "its native code has not been made: `npm rebuild` does, where install scripts were left out",
    },
  ]);
});

test("the first bytes of a file tell its platform", async (t) => {
  const dir = await temporaryApp(t, { "text.node": "not native".padEnd(100) });
  const mach = Buffer.alloc(100);
  mach.writeUInt32BE(0xcffaedfe);
  mach.writeUInt32LE(0x0100000c, 4);
  const portable = Buffer.alloc(300);
  portable.write("MZ");
  portable.writeUInt32LE(0x80, 0x3c);
  portable.writeUInt16LE(0x8664, 0x84);
  const files = { "elf.node": elf(62), "mach.node": mach, "pe.node": portable };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  const platforms = ["elf.node", "mach.node", "pe.node", "text.node"].map((name) => nativePlatform(join(dir, name)));
  assert.deepEqual(await Promise.all(platforms), [
    { os: "linux", cpu: "x64" },
    { os: "darwin", cpu: "arm64" },
    { os: "win32", cpu: "x64" },
    null,
  ]);
});

function elf(machine: number): Buffer {
  const head = Buffer.alloc(100);
  head.writeUInt32BE(0x7f454c46);
  head.writeUInt16LE(machine, 18);
  return head;
}

async function built(t: TestContext) {
  const appDir = await temporaryApp(t, {
    "package.json": '{ "dependencies": { "lightningcss": "1" } }',
    "users/users.ts": `import { transform } from "lightningcss";
const { code } = transform({ filename: "a.css", code: new TextEncoder().encode("a { color: #f00 }"), minify: true });
console.log(new TextDecoder().decode(code));`,
  });
  for (const folder of folders) {
    await cp(folder, join(appDir, "node_modules", packageName(folder)), { recursive: true });
  }
  const outDir = join(appDir, "out");
  const settings: BundleSettings = {
    appDir,
    mode: "production",
    tsconfigFile: null,
    tenon: { dir: appDir, version: "0", modules: {} },
    folders: { tenon: join(appDir, ".tenon/gen"), encore: join(appDir, "encore.gen"), encoreConfigured: false },
    outDir,
  };
  const entry = `import ${JSON.stringify(join(appDir, "users/users.ts"))};`;
  const outcome = await bundleForProduction("users", entry, settings);
  assert.ok(outcome.ok);
  await mkdir(join(outDir, "services"), { recursive: true });
  await writeFile(join(outDir, "package.json"), '{ "type": "module" }');
  await writeFile(join(outDir, "services/users.js"), outcome.bundle.code);
  await placePackages(appDir, outDir);
  return { appDir, outDir };
}
