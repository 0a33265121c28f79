// One sample of the compiler, in a process of its own: `sample.mjs <case> <app>`. Prints `{ ms, firstMs?, timingsMs }` as JSON.
// cold and unchanged count from the start of the process, loading of modules included; edits count the update alone.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCompiler } from "@tenon/compiler";
import { nameOf } from "./service-template.mjs";

const [name, appDir] = process.argv.slice(2);
const outDir = join(appDir, ".tenon/build/dev");

/** Case -> the edit it makes; null: none. Both edits change a type and go back with the next call. */
const edits = {
  cold: null,
  unchanged: null,
  "edit-service": {
    file: `${nameOf(0)}/types.ts`,
    from: "quantity: number;",
    to: "quantity: number;\n  gift?: boolean;",
  },
  "edit-shared": { file: "shared/types.ts", from: "updatedAt: Date;", to: "updatedAt: Date;\n  revision?: number;" },
};
if (!(name in edits)) throw new Error(`no case "${name}"`);

if (name === "cold") rmSync(join(appDir, ".tenon"), { recursive: true, force: true });
const compiler = await createCompiler({ appDir, outDir, mode: "development" });
const built = mustBeGood(await compiler.build());
const sinceStartMs = performance.now();

const edit = edits[name];
const sample = edit === null ? { ms: sinceStartMs, timingsMs: built.timingsMs } : await measureEdits(edit);
await compiler.close();
console.log(JSON.stringify(sample));

/** The first edit of a process warms up what is created on demand; the second is the figure. */
async function measureEdits({ file, from, to }) {
  const path = join(appDir, file);
  const original = readFileSync(path, "utf8");
  const edited = original.replace(from, to);
  if (edited === original) throw new Error(`${file} has no "${from}"`);
  try {
    const first = await measureUpdate(path, edited);
    const second = await measureUpdate(path, original);
    return { ms: second.ms, firstMs: first.ms, timingsMs: second.timingsMs, changedServices: second.changedServices };
  } finally {
    writeFileSync(path, original);
  }
}

async function measureUpdate(path, text) {
  writeFileSync(path, text);
  const startedAt = performance.now();
  const result = mustBeGood(await compiler.update({ changed: [path], created: [], deleted: [] }));
  const ms = performance.now() - startedAt;
  if (result.changedServices.length === 0) throw new Error("the edit changed no service");
  return { ms, timingsMs: result.timingsMs, changedServices: result.changedServices.length };
}

function mustBeGood(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 5), null, 2));
  return result;
}
