// The plugin for Vite and Vitest: resolves the framework's imports in the app's code and has the app made ready before tests run. It
// knows nothing of Vite but the few fields it uses, so that it fits every version that an app may have.
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type AppImports, findAppDir, readAppImports, resolveAppImport } from "@tenon/compiler";
import { readEnvironment } from "../dev/environment.ts";
import { setupFile } from "../test/setup-files.ts";
import { testRunFile, testRunVariable } from "../test/test-run.ts";
import { appVariable } from "./app-variable.ts";

/** Files that change while tests run, by the thousand, and that no module imports. */
const unwatched: readonly string[] = [
  "test/postgres-*",
  "test/objects",
  "test/build",
  "data",
  "cache",
  "dev",
  "build",
].map((folder) => `**/.tenon/${folder}/**`);

export interface TenonPluginOptions {
  /** The app's folder, or one in it. Default: Vite's root. */
  readonly dir?: string;
}

export interface TenonPlugin {
  readonly name: "tenon";
  readonly enforce: "pre";
  config(config: { readonly root?: string; readonly plugins?: unknown }): Promise<object | undefined>;
  resolveId(specifier: string): string | undefined;
}

/** `plugins: [tenon()]` in vite.config.ts or vitest.config.ts lets plain `vitest` run the tests of an app. */
export function tenon(options: TenonPluginOptions = {}): TenonPlugin {
  let imports: AppImports | undefined;
  const plugin: TenonPlugin = {
    name: "tenon",
    enforce: "pre",
    async config(config) {
      // `tenon test` adds the plugin to configurations that may have it.
      if (firstTenon(config.plugins) !== plugin) return undefined;
      const appDir = findAppDir(resolve(options.dir ?? config.root ?? process.cwd()));
      imports = await readAppImports(appDir);
      return { test: await testSettings(appDir, imports), server: { watch: { ignored: [...unwatched] } } };
    },
    resolveId: (specifier) => (imports === undefined ? undefined : place(specifier, imports)),
  };
  return plugin;
}

function firstTenon(plugins: unknown): unknown {
  const all = Array.isArray(plugins) ? plugins.flat(Number.POSITIVE_INFINITY) : [plugins];
  return all.find((one: { readonly name?: unknown } | null | undefined | false) => one && one.name === "tenon");
}

async function testSettings(appDir: string, imports: AppImports): Promise<object> {
  const environment = await readEnvironment(appDir);
  const own = Object.entries(environment).filter(([name]) => process.env[name] === undefined);
  return {
    env: {
      ...Object.fromEntries(own),
      [testRunVariable]: process.env[testRunVariable] ?? testRunFile(appDir),
      [appVariable]: appDir,
    },
    globalSetup: [fileURLToPath(new URL("./global-setup.js", import.meta.url))],
    setupFiles: [setupFile(appDir, "vitest")],
    // One instance of the framework for the app's code and for what makes it ready, loaded by Node itself.
    server: { deps: { external: frameworkFolders(imports).map(startsWith) } },
  };
}

function frameworkFolders({ modules }: AppImports): string[] {
  const entry = modules["tenon/api"];
  return entry === undefined ? [] : [dirname(entry)];
}

function startsWith(folder: string): RegExp {
  const text = `${folder.split(sep).join("/")}/`;
  return new RegExp(`^(?:/@fs/?|file://)?${text.replaceAll(/[.*+?^$()[\]{}|\\]/g, "\\$&")}`);
}

function place(specifier: string, imports: AppImports): string | undefined {
  const file = resolveAppImport(specifier, imports);
  if (file !== undefined) return file;
  // An alias of the app's own settings has been there before us; the folder it names need not exist.
  const folder = `${imports.encoreDir.split(sep).join("/")}/`;
  const written = specifier.split(sep).join("/");
  if (!written.startsWith(folder)) return undefined;
  const name = written.slice(folder.length).replace(/(?:\/index(?:\.[jt]s)?)?$/, "");
  return ["clients", "auth"].includes(name) ? resolveAppImport(`~tenon/${name}`, imports) : undefined;
}
