// Where the framework's imports in an app's code lead, for those who load its sources with a module system of their own.
import { join } from "node:path";
import { spellingsOf } from "../aliases.ts";
import { generatedFolders } from "./generated-folders.ts";
import { locateTenon } from "./locate-tenon.ts";
import { readTsconfig } from "./tsconfig.ts";

/** Plain data, so that it can cross to other processes and threads. */
export interface AppImports {
  /** Specifier, in any spelling -> absolute file. */
  readonly modules: Readonly<Record<string, string>>;
  /** What `~tenon/clients` and its like begin with, in any spelling. */
  readonly generatedPrefixes: readonly string[];
  /** Absolute folder behind these prefixes: `<name>/index.js`. */
  readonly generatedDir: string;
  /** Absolute folder where apps in the Encore.ts style expect the same. */
  readonly encoreDir: string;
}

export async function readAppImports(appDir: string): Promise<AppImports> {
  const { tenon: generatedDir, encore: encoreDir } = generatedFolders(appDir, await readTsconfig(appDir));
  const modules = Object.entries(locateTenon(appDir)?.modules ?? {}).flatMap(([name, { code }]) =>
    spellingsOf(name).map((spelling) => [spelling, code] as const),
  );
  return {
    modules: Object.fromEntries(modules),
    generatedPrefixes: spellingsOf("~tenon/"),
    generatedDir,
    encoreDir,
  };
}

/** Absolute file for one of our specifiers, in any spelling; undefined for everybody else's, and for modules that there are not. */
export function resolveAppImport(specifier: string, imports: AppImports): string | undefined {
  const prefix = imports.generatedPrefixes.find((candidate) => specifier.startsWith(candidate));
  if (prefix === undefined) return imports.modules[specifier];
  return join(imports.generatedDir, specifier.slice(prefix.length), "index.js");
}
