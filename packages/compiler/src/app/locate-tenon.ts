// Finds the installed `tenon` package whose modules the app is type-checked against and runs with: the one this compiler belongs
// to, so that the process that loads a bundle and the bundle share one runtime.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asObject } from "./read-jsonc.ts";

export interface TenonPackage {
  /** Absolute, symlinks resolved. */
  readonly dir: string;
  readonly version: string;
  /** "tenon", "tenon/api", ... -> absolute files. */
  readonly modules: Readonly<Record<string, { readonly types: string; readonly code: string }>>;
}

/** null: neither beside the compiler nor in the app. */
export function locateTenon(appDir: string): TenonPackage | null {
  const compilerDir = dirname(realpathSync(fileURLToPath(import.meta.url)));
  const dir = findPackage("tenon", compilerDir) ?? findPackage("tenon", appDir);
  return dir === null ? null : readTenon(realpathSync(dir));
}

/** The folder of an installed package as Node finds it from `fromDir`; symlinks are not resolved. */
export function findPackage(name: string, fromDir: string): string | null {
  for (let dir = fromDir; ; dir = dirname(dir)) {
    const candidate = join(dir, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(dir) === dir) return null;
  }
}

function readTenon(dir: string): TenonPackage {
  const manifest = asObject(JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))) ?? {};
  const modules: Record<string, { types: string; code: string }> = {};
  for (const [subpath, target] of Object.entries(asObject(manifest["exports"]) ?? {})) {
    const entry = asObject(target);
    const types = entry?.["types"];
    const code = entry?.["default"];
    if (typeof types !== "string" || typeof code !== "string") continue;
    modules[`tenon${subpath.slice(1)}`] = { types: join(dir, types), code: join(dir, code) };
  }
  return { dir, version: String(manifest["version"]), modules };
}
