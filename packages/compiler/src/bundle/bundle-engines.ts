// The engines of messages that an app has installed (packages with the keyword "tenon-engine") as files of a production build: a process
// loads the one that its infra.json names, and has no need of node_modules. Each shares the build's runtime.
import { readFileSync } from "node:fs";
import { writeFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { asObject } from "../app/read-jsonc.ts";
import { requireBuiltins } from "./builtin-imports.ts";
import { chosenPackages, installedFolder } from "./installed-package.ts";

/** What engines import of the runtime, and its name among the files of `runtime/`. */
export const engineSpecifier = "@tenon/runtime/engine";
export const engineModule = "engine";

export interface InstalledEngine {
  /** Of its package. */
  readonly name: string;
  /** Absolute path of what it exports. */
  readonly file: string;
}

export function installedEngines(appDir: string): InstalledEngine[] {
  return chosenPackages(appDir)
    .sort()
    .flatMap((name) => {
      const folder = installedFolder(name, appDir);
      if (folder === null || !isEngine(folder)) return [];
      return [{ name, file: createRequire(join(appDir, "package.json")).resolve(name) }];
    });
}

function isEngine(folder: string): boolean {
  const manifest = asObject(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const keywords: unknown = manifest?.["keywords"];
  return Array.isArray(keywords) && keywords.includes("tenon-engine");
}

/** Absolute path of `@tenon/runtime/engine` as the installed tenon resolves it. */
export function engineFileOf(tenonDir: string): string {
  return createRequire(join(tenonDir, "package.json")).resolve(engineSpecifier);
}

/**
 * Writes `engines/` of `runtimeDir`; `engine.js` of that folder is there already. Gives the absolute paths of the modules whose code it
 * wrote.
 */
export async function bundleEngines(engines: readonly InstalledEngine[], runtimeDir: string): Promise<string[]> {
  if (engines.length === 0) return [];
  const { rolldown } = await import("rolldown");
  const folder = join(runtimeDir, "engines");
  await mkdir(folder, { recursive: true });
  const modules: string[] = [];
  for (const { name, file } of engines) {
    const build = await rolldown({
      input: file,
      experimental: { attachDebugInfo: "none" },
      platform: "node",
      tsconfig: false,
      external: [engineSpecifier],
    });
    const { output } = await build
      .generate({
        format: "esm",
        paths: { [engineSpecifier]: `../${engineModule}.js` },
        codeSplitting: false,
        minify: false,
        comments: { legal: true, annotation: true, jsdoc: false },
      })
      .finally(() => build.close());
    await writeFile(join(folder, engineFileName(name)), requireBuiltins(output[0].code));
    modules.push(...output[0].moduleIds.filter(isAbsolute));
  }
  return modules;
}

/** As the runtime looks for it. */
function engineFileName(name: string): string {
  return `${name.replace(/^@/, "").replaceAll("/", "-")}.js`;
}
