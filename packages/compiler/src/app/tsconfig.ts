// Reads the user's tsconfig.json with everything it extends, as far as Tenon must know it: `paths`, `exclude` and a few options.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the name as TypeScript's settings have it
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { appDiagnostic } from "./app-diagnostics.ts";
import { LineIndex, type Place } from "../diagnose/place.ts";
import { asObject, readJsonc } from "./read-jsonc.ts";

export interface Tsconfig {
  /** The config files read, absolute, the user's own last. */
  readonly files: readonly string[];
  /** Merged, as written; file names in it are still relative to the config that has them. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** `paths` with absolute targets. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** Absolute globs; null when no config says so. */
  readonly exclude: readonly string[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface Layer {
  files: string[];
  options: Record<string, unknown>;
  paths: { targets: Record<string, string[]>; dir: string } | null;
  baseUrl: string | null;
  exclude: string[] | null;
  diagnostics: Diagnostic[];
}

/** Reads `<appDir>/tsconfig.json`; null when there is none. */
export async function readTsconfig(appDir: string): Promise<Tsconfig | null> {
  const file = join(appDir, "tsconfig.json");
  if (!existsSync(file)) return null;
  const layer = await readLayer(file, appDir, []);
  return {
    files: layer.files,
    compilerOptions: layer.options,
    paths: absolutePaths(layer),
    exclude: layer.exclude,
    diagnostics: layer.diagnostics,
  };
}

async function readLayer(file: string, appDir: string, trail: readonly string[]): Promise<Layer> {
  const layer: Layer = { files: [], options: {}, paths: null, baseUrl: null, exclude: null, diagnostics: [] };
  const shown = relative(appDir, file).split(sep).join("/");
  const text = await readFile(file, "utf8");
  const lines = new LineIndex(text);
  const { value, errors } = readJsonc(text);
  const config = asObject(value) ?? {};
  const problem = (place: Place, reason: string) =>
    layer.diagnostics.push(appDiagnostic("TN1804", place, { file: shown, reason }));
  for (const { message, ...span } of errors.slice(0, 1)) problem(lines.place(shown, span), message);

  for (const base of bases(config["extends"])) {
    const baseFile = resolveBase(base, file);
    const start = Math.max(text.indexOf(JSON.stringify(base)), 0);
    const place = lines.place(shown, { start, end: start + JSON.stringify(base).length });
    if (baseFile === null) problem(place, `it extends "${base}", which cannot be found`);
    else if (trail.includes(baseFile) || baseFile === file) problem(place, `it extends itself through "${base}"`);
    else extendLayer(layer, await readLayer(baseFile, appDir, [...trail, file]));
  }
  extendLayer(layer, ownLayer(file, appDir, config));
  return layer;
}

function bases(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** As TypeScript does: a path with or without ".json", else a file of a package. */
function resolveBase(base: string, from: string): string | null {
  if (base.startsWith(".") || isAbsolute(base)) {
    const path = resolve(dirname(from), base);
    return [path, `${path}.json`].find((candidate) => candidate.endsWith(".json") && existsSync(candidate)) ?? null;
  }
  const require = createRequire(from);
  for (const candidate of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      const found = require.resolve(candidate);
      if (found.endsWith(".json")) return found;
    } catch {
      // Not this form of the name; the next one may be it.
    }
  }
  return null;
}

function ownLayer(file: string, appDir: string, config: Record<string, unknown>): Layer {
  const dir = dirname(file);
  const options = asObject(config["compilerOptions"]) ?? {};
  const place = (path: string) => resolve(dir, path.replace("${configDir}", appDir));
  const paths = asObject(options["paths"]);
  const exclude = config["exclude"];
  return {
    files: [file],
    options,
    paths: paths === null ? null : { targets: stringLists(paths, appDir), dir },
    baseUrl: typeof options["baseUrl"] === "string" ? place(options["baseUrl"]) : null,
    exclude: Array.isArray(exclude) ? exclude.filter((item) => typeof item === "string").map(place) : null,
    diagnostics: [],
  };
}

function stringLists(paths: Record<string, unknown>, appDir: string): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const [pattern, targets] of Object.entries(paths)) {
    if (!Array.isArray(targets)) continue;
    lists[pattern] = targets
      .filter((item) => typeof item === "string")
      .map((target) => target.replace("${configDir}", appDir));
  }
  return lists;
}

/** What a later config says wins; `paths` and `exclude` are replaced as a whole. */
function extendLayer(layer: Layer, over: Layer): void {
  layer.files.push(...over.files);
  Object.assign(layer.options, over.options);
  layer.paths = over.paths ?? layer.paths;
  layer.baseUrl = over.baseUrl ?? layer.baseUrl;
  layer.exclude = over.exclude ?? layer.exclude;
  layer.diagnostics.push(...over.diagnostics);
}

/** Targets stand relative to `baseUrl` where there is one. TypeScript 7 dropped `baseUrl`: its bare look-ups become a "*" pattern. */
function absolutePaths(layer: Layer): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const [pattern, targets] of Object.entries(layer.paths?.targets ?? {})) {
    const from = layer.baseUrl ?? layer.paths!.dir;
    paths[pattern] = targets.map((target) => resolve(from, target));
  }
  if (layer.baseUrl !== null) paths["*"] ??= [join(layer.baseUrl, "*")];
  return paths;
}
