// The structure check must fail: each test breaks one rule of a small sound repository and expects exactly that problem.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkStructure } from "./check-structure.mjs";
import { importsOf, packageNameOf } from "./structure/imports-of.mjs";

const folders = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const manifest = (name, more = {}) => ({
  name,
  version: "0.1.0",
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  ...more,
});

const sound = {
  "structure.json": {
    packages: {
      "@t/low": { imports: [], dependencies: ["left"] },
      "@t/high": { imports: ["@t/low"], dependencies: [], foundByName: ["engine"], bundled: ["view"] },
    },
  },
  "package-lock.json": { packages: { "": {}, "node_modules/left": { version: "1.0.0" } } },
  "packages/low/package.json": manifest("@t/low", { dependencies: { left: "1.0.0" } }),
  "packages/low/src/index.ts":
    '// The door.\nexport * from "./deep-thing.ts";\nimport "left/deep";\nimport "node:fs";\n',
  "packages/low/src/deep-thing.ts": "// A thing.\nexport const thing = `import x from 'nowhere'`;\n",
  "packages/low/src/deep-thing.test.ts": '// Tests it.\nimport "@t/high";\nimport "anything";\n',
  "packages/high/package.json": manifest("@t/high", {
    dependencies: { "@t/low": "0.1.0" },
    optionalDependencies: { engine: "2.0.0-beta.1" },
    devDependencies: { view: "3.0.0" },
  }),
  "packages/high/src/index.ts": '// The door.\nimport "view";\nexport type T = import("@t/low").Low;\n',
};

/** Writes the sound repository with some files replaced (null: left out) and gives what the check says. */
function problemsOf(changes = {}) {
  const root = mkdtempSync(join(tmpdir(), "tenon-structure-"));
  folders.push(root);
  for (const [path, content] of Object.entries({ ...sound, ...changes })) {
    if (content === null) continue;
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  assert.equal(spawnSync("git", ["init", "-q"], { cwd: root }).status, 0);
  return checkStructure(root).problems;
}

/** Exactly one problem, and it says this. */
function expectProblem(changes, pattern) {
  const problems = problemsOf(changes);
  assert.equal(problems.length, 1, problems.join("\n"));
  assert.match(problems[0], pattern);
}

test("accepts a sound repository", () => {
  assert.deepEqual(problemsOf(), []);
});

test("refuses imports that the list does not allow, however they are written", () => {
  for (const statement of [
    'import { x } from "@t/high";',
    'import type { X } from "@t/high";',
    'export * from "@t/high/deep";',
    'await import("@t/high");',
    'export type X = import("@t/high").X;',
    'import.meta.resolve("@t/high");',
    "require(`@t/high`);",
  ]) {
    const file = `// A thing.\n${statement}\n`;
    expectProblem({ "packages/low/src/deep-thing.ts": file }, /low\/src\/deep-thing\.ts: imports "@t\/high"/);
  }
});

test("lets folders for tests import what they like", () => {
  const file = { "packages/low/src/samples/browser.ts": '// A sample.\nimport "anything";\n' };
  expectProblem(file, /samples\/browser\.ts: imports "anything"/);
  const { packages } = sound["structure.json"];
  const low = { ...packages["@t/low"], testSupport: ["src/samples"] };
  assert.deepEqual(problemsOf({ ...file, "structure.json": { packages: { ...packages, "@t/low": low } } }), []);
});

test("refuses a listed import that nobody uses", () => {
  expectProblem(
    { "packages/high/src/index.ts": '// The door.\nimport "view";\n' },
    /"@t\/low", but nothing in it imports/,
  );
});

test("refuses imports over the package's fence", () => {
  const file = '// A thing.\nimport "../../high/src/index.ts";\n';
  expectProblem({ "packages/low/src/deep-thing.ts": file }, /from outside of its package/);
});

test("compares package.json with the list in both directions", () => {
  const low = { dependencies: { left: "1.0.0", right: "1.0.0" } };
  expectProblem({ "packages/low/package.json": manifest("@t/low", low) }, /"right" is not in structure\.json/);
  expectProblem({ "packages/low/package.json": manifest("@t/low") }, /"left" of structure\.json is missing/);
  const { optionalDependencies: _, ...high } = sound["packages/high/package.json"];
  expectProblem({ "packages/high/package.json": high }, /optionalDependencies: "engine" of structure\.json is missing/);
  const { devDependencies: __, ...unbuilt } = sound["packages/high/package.json"];
  expectProblem({ "packages/high/package.json": unbuilt }, /"view" is listed as bundled/);
});

test("refuses packages that are not listed and lists without a package", () => {
  expectProblem(
    { "packages/new/package.json": manifest("@t/new"), "packages/new/src/index.ts": "// The door.\n" },
    /"@t\/new" is not listed/,
  );
  const packages = { ...sound["structure.json"].packages, "@t/gone": { imports: [], dependencies: [] } };
  expectProblem({ "structure.json": { packages } }, /lists "@t\/gone"/);
});

test("refuses version ranges and other versions of our own packages", () => {
  const low = { dependencies: { left: "^1.0.0" } };
  expectProblem({ "packages/low/package.json": manifest("@t/low", low) }, /"left" has no exact version/);
  const high = { ...sound["packages/high/package.json"], dependencies: { "@t/low": "0.0.9" } };
  expectProblem({ "packages/high/package.json": high }, /must have this repository's version 0\.1\.0/);
});

test("refuses doors that lead nowhere", () => {
  const low = { ...sound["packages/low/package.json"] };
  const gone = { ...low, exports: { ...low.exports, "./gone": "./dist/gone.js" } };
  expectProblem({ "packages/low/package.json": gone }, /exports\["\.\/gone"\] points at .*no source src\/gone\.ts/);
  const crossed = { ...low, exports: { ".": { types: "./dist/deep-thing.d.ts", default: "./dist/index.js" } } };
  expectProblem({ "packages/low/package.json": crossed }, /types of another file/);
  expectProblem({ "packages/low/package.json": { ...low, bin: { low: "./bin/low.js" } } }, /bin "low" points at/);
  const { exports: _, ...open } = low;
  expectProblem({ "packages/low/package.json": open }, /has no "exports"/);
});

test("holds source files to the rules", () => {
  expectProblem(
    { "packages/low/src/deep-thing.ts": "export const x = 1;\n" },
    /deep-thing\.ts:1: must open with a comment/,
  );
  expectProblem({ "packages/low/src/deep/index.ts": "// A second door.\n" }, /index files stand only/);
  expectProblem({ "packages/low/src/deepThing.ts": "// A thing.\n" }, /kebab-case/);
  const long = `// A thing.\n${"export {};\n".repeat(500)}`;
  expectProblem({ "packages/low/src/long.ts": long }, /has 502 lines/);
  assert.deepEqual(problemsOf({ "packages/low/src/long.test.ts": long }), []);
});

test("refuses install scripts that are not listed, and lock files that npm ci refuses", () => {
  const lock = (entry, more = {}) => ({ packages: { "node_modules/left": { version: "1.0.0", ...entry }, ...more } });
  expectProblem({ "package-lock.json": lock({ hasInstallScript: true }) }, /"left" has an install script/);
  const listed = { ...sound["structure.json"], installScripts: ["left"] };
  assert.deepEqual(problemsOf({ "package-lock.json": lock({ hasInstallScript: true }), "structure.json": listed }), []);
  expectProblem({ "structure.json": listed }, /installScripts lists "left"/);
  expectProblem({ "package-lock.json": lock({ resolved: "https://example.com/left.tgz" }) }, /names the host/);

  const optionalDependencies = { "left-linux": "1.0.0" };
  expectProblem(
    { "package-lock.json": lock({ optionalDependencies }) },
    /"left-linux", optional .* npm ci will refuse/,
  );
  for (const place of ["node_modules/left-linux", "node_modules/left/node_modules/left-linux"]) {
    assert.deepEqual(problemsOf({ "package-lock.json": lock({ optionalDependencies }, { [place]: {} }) }), [], place);
  }
});

test("refuses traces of one machine in any tracked text", () => {
  for (const trace of ["/ro" + "ot/.npm", "/ho" + "me/someone/x", "/Us" + "ers/someone/x", "/wo" + "rk/main"]) {
    expectProblem({ "notes.md": `see ${trace}\n` }, /notes\.md:1: names a/);
  }
  expectProblem({ "notes.md": `see https://registry${".example.com"}/x\n` }, /the host of a registry/);
  assert.deepEqual(problemsOf({ "notes.md": "see ./home/page/ and ~/root/x and https://example.com/work/main\n" }), []);
});

test("finds the imports of this file and the package behind a specifier", () => {
  const found = importsOf(fileURLToPath(import.meta.url));
  assert.ok(found.includes("./check-structure.mjs") && found.includes("node:test"));
  assert.equal(packageNameOf("@a/b/c"), "@a/b");
  assert.equal(packageNameOf("a/b"), "a");
  for (const specifier of ["./a", "../a", "/a", "#a", "node:fs", "file:///a"]) {
    assert.equal(packageNameOf(specifier), undefined, specifier);
  }
});
