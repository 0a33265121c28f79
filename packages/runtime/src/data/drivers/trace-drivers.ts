// Lets the statements of ORMs and query builders into the trace: from here on, every copy of `pg` and `postgres` that is loaded makes
// spans. Node's own ways to look into loading are used, so that it does not matter who imports them, nor how.
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join } from "node:path";
import pg from "pg";
import { hasHooks, installHooks, loaderModule, traceExports, withHooks } from "./driver-files.ts";
import { keepCallsInPgPool, tracePgClient } from "./trace-pg-client.ts";

/** What CommonJS files go through; unchanged since the first versions of Node, and used by every tracing library. */
interface CommonJsModule {
  readonly exports: unknown;
  _compile(this: CommonJsModule, text: string, file: string, ...rest: unknown[]): unknown;
}

interface LoadResult {
  readonly format: string;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}

/** Node 22.15 and newer; the typings are those of Node 20. */
interface WithHooks {
  registerHooks?(hooks: {
    load(url: string, context: object, next: (url: string, context: object) => LoadResult): LoadResult;
  }): unknown;
}

let isTracing = false;

/** `fromDir`: where the packages of the app are looked for. Safe to repeat. */
export function traceDrivers(fromDir: string): void {
  if (isTracing) return;
  isTracing = true;
  installHooks();
  // Our own copy, which an app may share, is loaded already.
  tracePgClient(pg.Client);
  keepCallsInPgPool(pg.Pool);
  traceCommonJs();
  traceModules(fromDir);
}

function traceCommonJs(): void {
  const { prototype } = module as unknown as { readonly prototype: CommonJsModule };
  const compile = prototype._compile;
  prototype._compile = function _compile(text, file, ...rest) {
    const result = compile.call(this, withHooks(file, text), file, ...rest);
    traceExports(file, this.exports);
    return result;
  };
}

function traceModules(fromDir: string): void {
  const { registerHooks } = module as WithHooks;
  if (registerHooks !== undefined) {
    registerHooks({
      load(url, context, next) {
        const loaded = next(url, context);
        if (loaded.format !== "module" || !hasHooks(url)) return loaded;
        return { ...loaded, source: withHooks(url, String(Buffer.from(loaded.source as Uint8Array))) };
      },
    });
    return;
  }
  // Node 20 loads modules in a thread of their own once they are looked into: not for apps that have no use for it.
  if (isInstalled("postgres", fromDir)) module.register(`data:text/javascript,${encodeURIComponent(loaderModule())}`);
}

function isInstalled(name: string, fromDir: string): boolean {
  const folders = createRequire(join(fromDir, "index.js")).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name, "package.json")));
}
