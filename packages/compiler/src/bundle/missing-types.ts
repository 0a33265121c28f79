// Types that are exported on as if they were values: `export { User } from "./types"`. TypeScript allows it without `isolatedModules`, and
// the bundler, which sees one file at a time, misses a value of that name.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RolldownLog } from "rolldown";

/** Whether what the bundler misses is a type in the file that should export it. */
export function isMissingType(log: RolldownLog, appDir: string): boolean {
  if (log.code !== "MISSING_EXPORT") return false;
  const [, name, file] = /"([^"]+)" is not exported by "([^"]+)"/.exec(log.message) ?? [];
  if (name === undefined || file === undefined || !/^[\w$]+$/.test(name)) return false;
  return declaresType(name, resolve(appDir, file));
}

function declaresType(name: string, file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return false;
  }
  const escaped = name.replaceAll("$", "\\$");
  const isDeclared = new RegExp(`\\b(?:interface|type)\\s+${escaped}\\b`).test(text);
  // `import type { User } ...; export { User }`, and the same in one.
  const isPassedOn = new RegExp(`\\b(?:im|ex)port\\s+type\\s*\\{[^}]*\\b${escaped}\\b`).test(text);
  return isDeclared || isPassedOn;
}
