// A package's public doors: every path in `exports` and `bin` comes from a source file, and nothing is reachable by accident.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** @returns {string[]} */
export function checkExportMap(root, pack) {
  const where = `${pack.folder}/package.json`;
  const { exports, bin } = pack.manifest;
  if (exports === undefined) return [`${where}: has no "exports", so every file in it is public`];
  const problems = [];
  for (const [key, target] of Object.entries(exports)) {
    if (key === "./package.json") continue;
    if (key.includes("*")) problems.push(`${where}: exports["${key}"] opens a whole folder`);
    const { types, default: code, ...others } = typeof target === "string" ? { default: target } : target;
    if (Object.keys(others).length > 0)
      problems.push(`${where}: exports["${key}"] has conditions other than types and default`);
    problems.push(...checkTarget(root, pack, `${where}: exports["${key}"]`, code));
    if (types !== undefined && types !== code?.replace(/\.js$/, ".d.ts")) {
      problems.push(`${where}: exports["${key}"] has types of another file: ${types}`);
    }
  }
  for (const [name, file] of Object.entries(bin ?? {})) {
    if (!existsSync(join(root, pack.folder, file)))
      problems.push(`${where}: bin "${name}" points at ${file}, which is not there`);
  }
  return problems;
}

function checkTarget(root, pack, where, code) {
  const match = /^\.\/dist\/(.+)\.js$/.exec(code ?? "");
  if (match === null) return [`${where} must be a file ./dist/….js, got ${code}`];
  const hasSource = ["ts", "tsx"].some((ending) => existsSync(join(root, pack.folder, "src", `${match[1]}.${ending}`)));
  return hasSource ? [] : [`${where} points at ${code}, which has no source src/${match[1]}.ts`];
}
