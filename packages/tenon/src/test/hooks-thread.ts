// The hooks for Node 20, which runs them in a thread of their own.
import { createHooks, type HookData } from "./import-hooks.ts";

type Hooks = ReturnType<typeof createHooks>;

let hooks: Hooks;

export function initialize(data: HookData): void {
  hooks = createHooks(data);
}

export const resolve: Hooks["resolve"] = (...args) => hooks.resolve(...args);
export const load: Hooks["load"] = (...args) => hooks.load(...args);
