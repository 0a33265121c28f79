// `tenon build`: a folder that runs by itself, with nothing installed and no path of the building machine in it.
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic, Graph } from "@tenon/model";
import { appDiagnostic } from "./app/app-diagnostics.ts";
import { locateTenon } from "./app/locate-tenon.ts";
import { joinTypeErrors } from "./diagnose/join-type-errors.ts";
import { wholeApp } from "./diagnose/place.ts";
import { copyStaticFiles } from "./emit/files/copy-static-files.ts";
import { bundleEngines, installedEngines } from "./bundle/bundle-engines.ts";
import { bundleRuntime } from "./bundle/bundle-runtime.ts";
import { mainFile } from "./emit/entries/main-file.ts";
import { usedFramework } from "./bundle/used-framework.ts";
import { copyConfigFiles } from "./app/copy-config-files.ts";
import { leftOut } from "./bundle/left-out.ts";
import { nativeProblems, type Platform } from "./bundle/native-problems.ts";
import { placePackages } from "./bundle/place-packages.ts";
import { recordPackages } from "./bom/record-packages.ts";
import { inStagingFolder, isReplaceable } from "./emit/files/replace-build.ts";
import { type BuildResult, createCompiler } from "./compiler.ts";
import { graphText } from "./emit/files/graph-text.ts";
import { writeIfChanged } from "./emit/files/write-if-changed.ts";

export interface ProductionOptions {
  /** Absolute. */
  readonly appDir: string;
  /** Absolute. Replaced as a whole, so it must be new, empty, or an earlier build. */
  readonly outDir: string;
  /** Absolute path of the module that starts a host when imported; the build's `main.js` imports it. */
  readonly startFile: string;
  readonly typescript?: "native" | "classic";
  /** Name -> text of files that go into the build as they are. */
  readonly extraFiles?: Readonly<Record<string, string>>;
  /** Refuse to build what TypeScript finds errors in. */
  readonly checkTypes: boolean;
  /** Where the build is to run: packages with native code for others only are refused. Absent: here, and they are told. */
  readonly platform?: Platform;
}

export async function buildProduction(options: ProductionOptions): Promise<BuildResult> {
  const { appDir, outDir, startFile } = options;
  if (!(await isReplaceable(outDir))) return refused(appDiagnostic("TN1826", wholeApp, { folder: outDir }));
  return inStagingFolder(outDir, async (stagingDir) => {
    const result = await compileInto(options, stagingDir);
    const tenon = locateTenon(appDir);
    if (!result.ok || result.graph === null || tenon === null) return { result, isComplete: false };
    await copyMigrations(appDir, result.graph, stagingDir);
    await copyStaticFiles(appDir, result.graph, stagingDir);
    await copyConfigFiles(appDir, result.graph, join(stagingDir, "config"));
    const packages = await placePackages(appDir, stagingDir);
    const native = await nativeDiagnostics(stagingDir, options.platform);
    const told = { ...result, diagnostics: [...result.diagnostics, ...native] };
    if (options.platform !== undefined && native.length > 0)
      return { result: { ...told, ok: false }, isComplete: false };
    for (const [name, text] of Object.entries(options.extraFiles ?? {})) await writeFile(join(stagingDir, name), text);

    const engines = installedEngines(appDir);
    const parts = {
      startFile,
      modules: await usedFramework(tenon, stagingDir),
      hasEngines: engines.length > 0,
      leftOut: leftOut(result.graph, { keepsPackages: packages.places.size > 0 }),
    };
    const runtimeDir = join(stagingDir, "runtime");
    const runtime = await bundleRuntime(tenon, parts, runtimeDir);
    const engineModules = await bundleEngines(engines, runtimeDir);
    await recordPackages({ appDir, buildDir: stagingDir, app: result.graph.app.id, packages, runtime, engineModules });
    await writeFile(join(stagingDir, "main.js"), mainFile());
    return { result: told, isComplete: true };
  });
}

/** Errors where somebody has asked for the platform. */
async function nativeDiagnostics(buildDir: string, asked: Platform | undefined): Promise<Diagnostic[]> {
  const platform = asked ?? { os: process.platform, cpu: process.arch };
  const { os, cpu } = platform;
  const problems = await nativeProblems(buildDir, platform);
  return problems.map((problem) => {
    const words = { ...problem, os, cpu, platform: `${os}-${cpu}` };
    const diagnostic = appDiagnostic("TN1827", wholeApp, words);
    return asked === undefined ? diagnostic : { ...diagnostic, severity: "error" };
  });
}

async function compileInto(
  { appDir, typescript, checkTypes }: ProductionOptions,
  stagingDir: string,
): Promise<BuildResult> {
  const compiler = await createCompiler({
    appDir,
    outDir: stagingDir,
    mode: "production",
    ...(typescript === undefined ? {} : { typescript }),
  });
  try {
    const result = await compiler.build();
    const found = result.ok && checkTypes ? await compiler.typeErrors() : [];
    // Encore.ts builds whatever TypeScript says; programs for it are told, and built.
    const isForEncore = result.graph?.app.responses === "loose";
    const typeErrors = isForEncore ? found.map((error) => ({ ...error, severity: "warning" as const })) : found;
    const ok = result.ok && !typeErrors.some(({ severity }) => severity === "error");
    return { ...result, ok, diagnostics: joinTypeErrors(result.diagnostics, typeErrors) };
  } finally {
    await compiler.close();
  }
}

function refused(diagnostic: Diagnostic): BuildResult {
  return { ok: false, diagnostics: [diagnostic], graph: null, changedServices: [], timingsMs: {} };
}

/** Copies what is SQL to `migrations/<database>/` and lets the build's graph point there. */
async function copyMigrations(appDir: string, graph: Graph, outDir: string): Promise<void> {
  for (const { name, migrations } of graph.databases) {
    if (migrations === undefined) continue;
    const from = join(appDir, migrations);
    const to = join(outDir, "migrations", name);
    await mkdir(to, { recursive: true });
    const files = (await readdir(from, { recursive: true })).filter((file) => file.endsWith(".sql"));
    for (const file of files) await cp(join(from, file), join(to, file));
  }
  const databases = graph.databases.map((database) =>
    database.migrations === undefined ? database : { ...database, migrations: `migrations/${database.name}` },
  );
  await writeIfChanged(join(outDir, "app.json"), graphText({ ...graph, databases }));
}
