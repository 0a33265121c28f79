// Bundles the framework's own modules for a production build: every `tenon/...` module, the codec blocks and the start module, split
// so that they all share one instance of the runtime, with their dependencies (pg) inside.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TenonPackage } from "../app/locate-tenon.ts";
import { codecBlocksFile, codecModule } from "./framework-modules.ts";

/** Name of the start module among the files of `runtime/`. */
export const startModule = "main";

/** `startFile`: absolute path of the module that starts a host when it is imported. Writes into `runtimeDir`. */
export async function bundleRuntime(tenon: TenonPackage, startFile: string, runtimeDir: string): Promise<void> {
  // Only a production build needs it.
  const { rolldown } = await import("rolldown");
  const input: Record<string, string> = { [codecModule]: codecBlocksFile(tenon.dir), [startModule]: startFile };
  for (const [specifier, { code }] of Object.entries(tenon.modules)) input[specifier] = code;
  const build = await rolldown({
    input,
    cwd: tenon.dir,
    // Comments that say where each part came from would differ with the place of installation.
    experimental: { attachDebugInfo: "none" },
    platform: "node",
    tsconfig: false,
    // Optional packages of dependencies (pg-native) that are not installed are tried for at run time, and done without.
    onLog: (level, log, report) => {
      if (log.code !== "UNRESOLVED_IMPORT") report(level, log);
    },
  });
  const { output } = await build
    .generate({
      format: "esm",
      dir: runtimeDir,
      entryFileNames: "[name].js",
      chunkFileNames: "shared/[name]-[hash].js",
      minify: false,
      comments: { legal: true, annotation: true, jsdoc: false },
    })
    .finally(() => build.close());
  for (const file of output) {
    const content = file.type === "chunk" ? file.code : file.source;
    await mkdir(dirname(join(runtimeDir, file.fileName)), { recursive: true });
    await writeFile(join(runtimeDir, file.fileName), content);
  }
}
