// `main.js` of a production build: what `node` is started with.
import { startModule } from "../../bundle/bundle-runtime.ts";

/** Compiled code is kept for the next start, where this Node can (22.3 and newer): in NODE_COMPILE_CACHE, else in the system's temporary folder. */
export function mainFile(): string {
  return [
    'process.getBuiltinModule?.("node:module").enableCompileCache?.();',
    `export const { main } = await import("./runtime/${startModule}.js");`,
    "",
  ].join("\n");
}
