// Puts the hooks for imports in place, in the way that this version of Node has.
import module from "node:module";
import { createHooks, type HookData } from "./import-hooks.ts";

/** Node 22.15 and newer; the typings are those of Node 20. */
interface WithSynchronousHooks {
  registerHooks?(hooks: ReturnType<typeof createHooks>): unknown;
}

export function installHooks(data: HookData): void {
  const { registerHooks } = module as unknown as WithSynchronousHooks;
  if (registerHooks !== undefined) registerHooks(createHooks(data));
  else module.register(new URL("./hooks-thread.js", import.meta.url), { data });
}
