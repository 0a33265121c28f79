// Bundles one service: its generated entry with all the code that it reaches, as one ES module with a source map.
import { isAbsolute, join, relative, sep } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from "rolldown";
import { bundleDiagnostic, logsOfFailure } from "./bundle-diagnostics.ts";
import type { BundleSettings } from "./bundle-settings.ts";
import {
  entryId,
  entryPlugin,
  frameworkPlugin,
  installedPackagesPlugin,
  isInstalled,
  unmappedClientsPlugin,
} from "./resolve-imports.ts";
import { isMissingType } from "./missing-types.ts";
import { sourcePlacePlugin } from "./source-place.ts";
import { textFiles } from "./text-files.ts";

export interface ServiceBundle {
  readonly code: string;
  /** A source map (version 3) as JSON. */
  readonly map: string;
  /** Absolute paths of all files that were read, sorted; the bundle can only change when one of them does. */
  readonly inputs: readonly string[];
  /** Absolute paths of the files whose code is in it. */
  readonly modules: readonly string[];
  /** Imports of the framework as the user wrote them. */
  readonly specifiers: readonly string[];
}

export type BundleOutcome =
  | { readonly ok: true; readonly bundle: ServiceBundle }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** `more`: plugins that go before the resolution of packages. */
export async function bundleService(
  service: string,
  entry: string,
  settings: BundleSettings,
  more: readonly Plugin[] = [],
): Promise<BundleOutcome> {
  const outcome = await bundleOnce(service, entry, settings, more, false);
  return outcome === null ? (await bundleOnce(service, entry, settings, more, true))! : outcome;
}

/** null: nothing is missing but types, which are no values and need none. `shimsTypes`: they are taken for undefined. */
async function bundleOnce(
  service: string,
  entry: string,
  settings: BundleSettings,
  more: readonly Plugin[],
  shimsTypes: boolean,
): Promise<BundleOutcome | null> {
  const inputs = new Set<string>();
  const specifiers = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const plugins = [
    entryPlugin(entry),
    frameworkPlugin(settings, (specifier) => specifiers.add(specifier)),
    ...more,
    settings.mode === "development" ? installedPackagesPlugin() : unmappedClientsPlugin(settings),
    sourcePlacePlugin(settings),
    inputsPlugin(inputs),
  ];
  const onLog: NonNullable<InputOptions["onLog"]> = (_level, log) => {
    // A package that is tried for and done without is the business of the package that tries.
    if (log.code !== "UNRESOLVED_IMPORT" || isInstalled(log.id ?? "")) return;
    diagnostics.push(bundleDiagnostic(log, service, settings.appDir));
  };
  try {
    const build = await rolldown({
      ...inputOptions(service, settings),
      plugins,
      onLog,
      shimMissingExports: shimsTypes,
    });
    const { output } = await build.generate(outputOptions(settings)).finally(() => build.close());
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    const chunk = output[0];
    const map = mapText(chunk.map?.toString() ?? "", settings);
    const modules = chunk.moduleIds.map(withoutQuery).filter(isAbsolute);
    return {
      ok: true,
      bundle: { code: chunk.code, map, inputs: [...inputs].sort(), modules, specifiers: [...specifiers].sort() },
    };
  } catch (failure) {
    const logs = logsOfFailure(failure).filter((log) => !isMissingType(log, settings.appDir));
    if (logs.length === 0 && !shimsTypes) return null;
    const failed = logs.map((log) => bundleDiagnostic(log, service, settings.appDir));
    return { ok: false, diagnostics: [...diagnostics, ...failed] };
  }
}

function inputOptions(service: string, settings: BundleSettings): InputOptions {
  return {
    input: { [service]: entryId },
    cwd: settings.appDir,
    platform: "node",
    // Comments that name the files behind each part: helpful beside the sources, revealing in a build that is shipped.
    experimental: { attachDebugInfo: settings.mode === "development" ? "simple" : "none" },
    tsconfig: settings.tsconfigFile ?? false,
    moduleTypes: textFiles,
    transform: {
      // The oldest Node that Tenon runs on: what is newer (`await using`) is written in its words.
      target: "node20.19",
      // What nobody bundles after us cannot stay as it is.
      ...(settings.keepsJsx ? { jsx: { runtime: "automatic" } } : {}),
    },
    resolve: { conditionNames: ["node", "import", "module-sync", "default"], mainFields: ["main", "module"] },
  };
}

function outputOptions(settings: BundleSettings): OutputOptions {
  return {
    format: "esm",
    dir: join(settings.outDir, "services"),
    entryFileNames: "[name].js",
    codeSplitting: false,
    sourcemap: "hidden",
    minify: false,
  };
}

/** Files that were loaded, not only those left after tree shaking: an inlined constant leaves no module behind. */
function inputsPlugin(inputs: Set<string>): Plugin {
  return {
    name: "tenon-inputs",
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = withoutQuery(id);
        if (isAbsolute(file)) inputs.add(file);
      }
    },
  };
}

function withoutQuery(id: string): string {
  return id.split("?", 1)[0]!;
}

interface SourceMap {
  sources: string[];
  sourcesContent?: (string | null)[];
}

/**
 * In development sources point at the user's files. A production build can be moved, so there they are named as if the app's
 * folder stood beside `services/`: no path of the building machine remains. The generated entry is nobody's file.
 */
function mapText(map: string, settings: BundleSettings): string {
  const parsed = JSON.parse(map) as SourceMap;
  const services = join(settings.outDir, "services");
  const isEntry = parsed.sources.map((source) => source.endsWith(entryId));
  parsed.sources = parsed.sources.map((source, index) => {
    if (isEntry[index]) return entryId;
    return settings.mode === "development" ? source : portableSource(join(services, source), settings.appDir);
  });
  parsed.sourcesContent = (parsed.sourcesContent ?? []).map((content, index) => (isEntry[index] ? null : content));
  return JSON.stringify(parsed);
}

function portableSource(file: string, appDir: string): string {
  const path = file.split(sep).join("/");
  const installed = path.lastIndexOf("/node_modules/");
  if (installed !== -1) return `..${path.slice(installed)}`;
  return `../${relative(appDir, file).split(sep).join("/")}`;
}
