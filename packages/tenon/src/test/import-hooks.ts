// How Node itself resolves the framework's imports in an app's sources, and how the plugin gets into a Vitest that an app has set up
// without it. Runs in the thread of the modules, or in Node's thread for hooks.
import type { AppImports } from "@tenon/compiler";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Plain data, because it may go to another thread. */
export interface HookData {
  readonly imports: AppImports;
  readonly withTenonUrl: string;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

type Maybe<T> = T | Promise<T>;

const mark = "?with-tenon";

export function createHooks(data: HookData) {
  return {
    resolve(
      specifier: string,
      context: { readonly parentURL?: string | undefined },
      next: (specifier: string, context: object) => Maybe<Resolved>,
    ): Maybe<Resolved> {
      const file = resolveImport(specifier, data.imports);
      if (file !== undefined) return { url: pathToFileURL(file).href, shortCircuit: true };
      const resolved = next(specifier, context);
      if (specifier !== "vite" || !/\/node_modules\/vitest\//.test(context.parentURL ?? "")) return resolved;
      return after(resolved, (found) => ({ ...found, url: `${found.url}${mark}`, shortCircuit: true }));
    },
    load(url: string, context: object, next: (url: string, context: object) => Maybe<Loaded>): Maybe<Loaded> {
      if (!url.endsWith(mark)) return next(url, context);
      const source = viteWithTenon(url.slice(0, -mark.length), data.withTenonUrl);
      return { format: "module", source, shortCircuit: true };
    },
  };
}

/** Vite as it is, but for the function by which Vitest starts it. */
function viteWithTenon(viteUrl: string, withTenonUrl: string): string {
  return [
    `export * from ${JSON.stringify(viteUrl)};`,
    `import { createServer as start } from ${JSON.stringify(viteUrl)};`,
    `import { withTenon } from ${JSON.stringify(withTenonUrl)};`,
    "export const createServer = (settings) => start(withTenon(settings ?? {}));",
    "",
  ].join("\n");
}

/** As the compiler's `resolveAppImport`, which would bring all of the compiler into every process. */
function resolveImport(specifier: string, imports: AppImports): string | undefined {
  const prefix = imports.generatedPrefixes.find((candidate) => specifier.startsWith(candidate));
  if (prefix === undefined) return imports.modules[specifier];
  return join(imports.generatedDir, specifier.slice(prefix.length), "index.js");
}

function after<T>(value: Maybe<T>, change: (value: T) => T): Maybe<T> {
  return value instanceof Promise ? value.then(change) : change(value);
}
