// Reads everything that stands around an app's code (app file, tsconfig, installed tenon) and writes the analysis settings from it.
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { writeAnalysisConfig } from "./analysis-config.ts";
import { appDiagnostic } from "./app-diagnostics.ts";
import { checkClientsPaths } from "./clients-paths.ts";
import { type App, readApp } from "./find-app.ts";
import { type GeneratedFolders, generatedFolders } from "./generated-folders.ts";
import { locateTenon, type TenonPackage } from "./locate-tenon.ts";
import { wholeApp } from "../diagnose/place.ts";
import { readTsconfig } from "./tsconfig.ts";

export interface PreparedApp {
  readonly app: App;
  readonly tenon: TenonPackage;
  readonly folders: GeneratedFolders;
  /** Absolute path of the settings for analysis. */
  readonly configFile: string;
  /** The user's tsconfig.json, absolute; null when there is none. */
  readonly tsconfigFile: string | null;
  /** The user's settings leave JSX to a front end's own bundler. */
  readonly keepsJsx: boolean;
  /** Absolute paths of the files that, when they change, mean preparing again. */
  readonly settingsFiles: readonly string[];
  /** Hash of all that these files say and of the installed version. */
  readonly settingsKey: string;
}

export type Preparation =
  | { readonly prepared: PreparedApp; readonly diagnostics: readonly Diagnostic[] }
  | { readonly prepared: null; readonly diagnostics: readonly Diagnostic[] };

export async function prepareApp(appDir: string): Promise<Preparation> {
  const app = await readApp(appDir);
  const tsconfig = await readTsconfig(appDir);
  const tenon = locateTenon(appDir);
  const diagnostics = [...app.diagnostics, ...(tsconfig?.diagnostics ?? [])];
  if (tenon === null) diagnostics.push(appDiagnostic("TN1805", wholeApp));
  if (tenon === null || diagnostics.length > 0) return { prepared: null, diagnostics };

  const folders = generatedFolders(appDir, tsconfig);
  const configFile = await writeAnalysisConfig({ appDir, tsconfig, tenon, folders });
  const settingsFiles = tsconfig?.files ?? [];
  const hash = createHash("sha256").update(
    `${tenon.version}\0${relative(appDir, tenon.dir)}\0${await buildOfCompiler()}\0`,
  );
  for (const file of settingsFiles) hash.update(await readFile(file)).update("\0");
  const prepared = {
    app,
    tenon,
    folders,
    configFile,
    tsconfigFile: tsconfig?.files.at(-1) ?? null,
    keepsJsx: ["preserve", "react-native"].includes(String(tsconfig?.compilerOptions["jsx"])),
    settingsFiles: [...settingsFiles, configFile],
    settingsKey: hash.digest("hex"),
  };
  return { prepared, diagnostics: tsconfig === null ? [] : checkClientsPaths(appDir, tsconfig) };
}

/** When the compiler was built, for who works on Tenon itself: its version stays the same. Published packages have no such file. */
async function buildOfCompiler(): Promise<number> {
  const file = join(import.meta.dirname, "..", ".tsbuildinfo");
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
