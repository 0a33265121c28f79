// Bundles the framework's own modules for a production build: the `tenon/...` modules that its services import, the codec blocks and
// the start module, split so that they all share one instance of the runtime, with their dependencies (pg) inside. What only some
// apps need is in files that are loaded when it is.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { OutputAsset, OutputChunk } from "rolldown";
import type { TenonPackage } from "../app/locate-tenon.ts";
import { requireBuiltins } from "./builtin-imports.ts";
import { engineFileOf, engineModule } from "./bundle-engines.ts";
import { codecBlocksFile, codecModule } from "./framework-modules.ts";

/** Name of the start module among the files of `runtime/`. */
export const startModule = "main";

export interface RuntimeParts {
  /** Absolute path of the module that starts a host when it is imported. */
  readonly startFile: string;
  /** Specifiers of the modules that services import. */
  readonly modules: readonly string[];
  /** It carries engines, which share the runtime. */
  readonly hasEngines?: boolean;
  /** How the paths of modules end that are never loaded, though something names them in an `import()`. */
  readonly leftOut?: readonly string[];
}

/** Writes into `runtimeDir`; gives the absolute paths of the modules whose code it wrote. */
export async function bundleRuntime(
  tenon: TenonPackage,
  { startFile, modules, hasEngines = false, leftOut = [] }: RuntimeParts,
  runtimeDir: string,
): Promise<string[]> {
  // Only a production build needs it.
  const { rolldown } = await import("rolldown");
  const input: Record<string, string> = { [codecModule]: codecBlocksFile(tenon.dir), [startModule]: startFile };
  if (hasEngines) input[engineModule] = engineFileOf(tenon.dir);
  for (const specifier of modules) input[specifier] = tenon.modules[specifier]!.code;
  const build = await rolldown({
    input,
    cwd: tenon.dir,
    // Comments that say where each part came from would differ with the place of installation.
    experimental: { attachDebugInfo: "none" },
    platform: "node",
    tsconfig: false,
    // Optional packages of dependencies (pg-native) that are not installed are tried for at run time, and done without. What an app needs
    // at its start anyway is no file of its own, though it is for others.
    onLog: (level, log, report) => {
      if (log.code !== "UNRESOLVED_IMPORT" && log.code !== "INEFFECTIVE_DYNAMIC_IMPORT") report(level, log);
    },
  });
  const { output } = await build
    .generate({
      format: "esm",
      dir: runtimeDir,
      entryFileNames: "[name].js",
      chunkFileNames: "shared/[name]-[hash].js",
      // What every start loads is one file, because each one costs; but for the start module, which waits at its top for the end of
      // the program, and with it would whoever imports anything from the same file.
      codeSplitting: { groups: [{ name: "core", tags: ["$initial"], test: (id) => id !== startFile }] },
      minify: false,
      comments: { legal: true, annotation: true, jsdoc: false },
    })
    .finally(() => build.close());
  const written = withoutUnloaded(output, leftOut);
  for (const file of written) {
    const content = file.type === "chunk" ? requireBuiltins(file.code) : file.source;
    await mkdir(dirname(join(runtimeDir, file.fileName)), { recursive: true });
    await writeFile(join(runtimeDir, file.fileName), content);
  }
  return written.flatMap((file) => (file.type === "chunk" ? file.moduleIds.filter(isAbsolute) : []));
}

type OutputFile = OutputChunk | OutputAsset;

/** What entries reach without the chunks that begin with a module which is left out. */
function withoutUnloaded(output: readonly OutputFile[], leftOut: readonly string[]): OutputFile[] {
  const chunks = new Map(output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file] as const] : [])));
  const isLoaded = (name: string) => {
    const module = chunks.get(name)?.facadeModuleId?.replaceAll("\\", "/") ?? "";
    return !leftOut.some((ending) => module.endsWith(`/${ending}`));
  };
  const reached = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set may grow while it is walked.
  for (const name of reached) {
    const { imports = [], dynamicImports = [] } = chunks.get(name) ?? {};
    for (const other of [...imports, ...dynamicImports.filter(isLoaded)]) reached.add(other);
  }
  return output.filter((file) => file.type === "asset" || reached.has(file.fileName));
}
