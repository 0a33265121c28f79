// Checks that the user's `paths` let plain `tsc` and the editor find the generated clients. Tenon itself finds them anyway.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { appDiagnostic } from "./app-diagnostics.ts";
import { LineIndex } from "../diagnose/place.ts";
import { asObject, readJsonc } from "./read-jsonc.ts";
import type { Tsconfig } from "./tsconfig.ts";

/** A folder is no module to ES modules under `nodenext`: its index file must be spelled out. */
export function checkClientsPaths(appDir: string, tsconfig: Tsconfig): Diagnostic[] {
  if (!usesNodeResolution(tsconfig) || !isModulePackage(appDir)) return [];
  const text = readFileSync(join(appDir, "tsconfig.json"), "utf8");
  return ["~tenon/*", "~encore/*"].flatMap((pattern) => {
    if (tsconfig.paths[pattern]?.[0]?.endsWith("/*") !== true) return [];
    const start = Math.max(text.indexOf(JSON.stringify(pattern)), 0);
    const place = new LineIndex(text).place("tsconfig.json", { start, end: start + pattern.length + 2 });
    return [appDiagnostic("TN1806", place, { pattern })];
  });
}

/** Relative imports need their endings. */
function usesNodeResolution({ compilerOptions }: Tsconfig): boolean {
  const value = compilerOptions["moduleResolution"] ?? compilerOptions["module"];
  return typeof value === "string" && /^node(?:16|18|20|next)$/i.test(value);
}

function isModulePackage(appDir: string): boolean {
  const file = join(appDir, "package.json");
  return existsSync(file) && asObject(readJsonc(readFileSync(file, "utf8")).value)?.["type"] === "module";
}
