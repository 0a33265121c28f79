// Where a build finds the framework's own modules: in development in the installed packages, in production in the copy it carries.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BundleSettings } from "./bundle-settings.ts";

/** Name of the codec building blocks among the files of a production build's `runtime/`. */
export const codecModule = "codec";

/** The import specifier for the module `specifier` of tenon ("tenon/api"); null when there is no such module. */
export function frameworkImport(specifier: string, { mode, tenon }: BundleSettings): string | null {
  const module = tenon.modules[specifier];
  if (module === undefined) return null;
  return mode === "development" ? pathToFileURL(module.code).href : frameworkFile(specifier);
}

/** What the bundles of a production build call the module `specifier`. */
export function frameworkFile(specifier: string): string {
  return `../runtime/${specifier}.js`;
}

/** The import specifier that codecs modules use for their building blocks. */
export function codecsSpecifier({ mode, tenon }: BundleSettings): string {
  if (mode === "production") return `../runtime/${codecModule}.js`;
  return pathToFileURL(codecBlocksFile(tenon.dir)).href;
}

/** Absolute path of `@tenon/runtime/codec` as the installed tenon resolves it. */
export function codecBlocksFile(tenonDir: string): string {
  return createRequire(join(tenonDir, "package.json")).resolve("@tenon/runtime/codec");
}
