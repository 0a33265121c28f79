// The TypeScript settings of an app that has no tsconfig.json of its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeIfChanged } from "../emit/files/write-if-changed.ts";
import { findPackage } from "./locate-tenon.ts";

/** Settings that fit how Tenon runs code: bundled, ES modules, imports with or without endings, strict. */
export function defaultCompilerOptions(appDir: string): Record<string, unknown> {
  return {
    target: "es2022",
    lib: ["es2023"],
    module: "esnext",
    moduleResolution: "bundler",
    types: findPackage("@types/node", appDir) === null ? [] : ["node"],
    strict: true,
    skipLibCheck: true,
    resolveJsonModule: true,
    isolatedModules: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
}

/** Writes `<appDir>/tsconfig.json` when the app has none; returns whether it did. */
export async function ensureTsconfig(appDir: string): Promise<boolean> {
  const file = join(appDir, "tsconfig.json");
  if (existsSync(file)) return false;
  const inEncoreStyle = existsSync(join(appDir, "encore.app"));
  const paths = inEncoreStyle ? { "~encore/*": ["./encore.gen/*"] } : { "~tenon/*": ["./.tenon/gen/*"] };
  const config = {
    compilerOptions: { ...defaultCompilerOptions(appDir), paths },
    include: ["**/*.ts", "**/*.tsx"],
  };
  await writeIfChanged(file, `${JSON.stringify(config, null, 2)}\n`);
  return true;
}
