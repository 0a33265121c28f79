// Writes `.tenon/tsconfig.json`, the settings with which Tenon analyses an app: the user's own, with every specifier of ours
// resolving whatever the user's `paths` say or lack.
import { dirname, join, relative, sep } from "node:path";
import { spellingsOf } from "../aliases.ts";
import { writeIfChanged } from "../emit/files/write-if-changed.ts";
import { defaultCompilerOptions } from "./default-tsconfig.ts";
import type { GeneratedFolders } from "./generated-folders.ts";
import type { TenonPackage } from "./locate-tenon.ts";
import type { Tsconfig } from "./tsconfig.ts";

export interface AnalysisConfigInput {
  readonly appDir: string;
  readonly tsconfig: Tsconfig | null;
  readonly tenon: TenonPackage;
  readonly folders: GeneratedFolders;
}

/** Options that only matter for output, or that would refuse what Tenon itself bundles. null takes an inherited value away. */
const analysisOnly: Record<string, unknown> = {
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  rewriteRelativeImportExtensions: false,
  baseUrl: null,
  rootDir: null,
  outDir: null,
  declarationDir: null,
  tsBuildInfoFile: null,
};

/** Returns the absolute path of the config. */
export async function writeAnalysisConfig(input: AnalysisConfigInput): Promise<string> {
  const file = join(input.appDir, ".tenon", "tsconfig.json");
  // The folder keeps itself out of the user's repository, whether or not they thought of it.
  await writeIfChanged(join(input.appDir, ".tenon", ".gitignore"), "*\n");
  await writeIfChanged(file, `${JSON.stringify(analysisConfig(input, dirname(file)), null, 2)}\n`);
  return file;
}

function analysisConfig(input: AnalysisConfigInput, configDir: string): Record<string, unknown> {
  const { appDir, tsconfig } = input;
  const from = (path: string) => relativePath(configDir, path);
  const inherited = tsconfig === null ? defaultCompilerOptions(appDir) : {};
  // TypeScript up to 5 took every @types package when `types` was not set; 6 and later take none, and "*" means the old way.
  const types = tsconfig !== null && tsconfig.compilerOptions["types"] === undefined ? { types: ["*"] } : {};
  return {
    ...(tsconfig === null ? {} : { extends: "../tsconfig.json" }),
    compilerOptions: {
      ...inherited,
      ...types,
      ...analysisOnly,
      ...(tsconfig === null || resolvesLikeBundlers(tsconfig) ? {} : { module: "esnext", moduleResolution: "bundler" }),
      paths: mergedPaths(input, from),
    },
    include: ["../**/*.ts", "../**/*.tsx", "../**/*.mts", "../**/*.cts"],
    exclude: excluded(input).map(from),
  };
}

/** Whatever the settings say, the code is bundled: an import that the bundler follows has types, with or without an ending. */
function resolvesLikeBundlers({ compilerOptions }: Tsconfig): boolean {
  return String(compilerOptions["moduleResolution"]).toLowerCase() === "bundler";
}

function mergedPaths({ tsconfig, tenon, folders }: AnalysisConfigInput, from: (path: string) => string) {
  const paths: Record<string, string[]> = {};
  for (const [pattern, targets] of Object.entries(tsconfig?.paths ?? {})) paths[pattern] = targets.map(from);
  for (const [specifier, { types }] of Object.entries(tenon.modules)) {
    for (const name of spellingsOf(specifier)) paths[name] = [from(types)];
  }
  // Both names lead to the same files; the ending spelled out serves every module resolution.
  paths["~tenon/*"] = [`${from(folders.tenon)}/*/index.d.ts`];
  paths["~encore/*"] = paths["~tenon/*"];
  return Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The user's own exclusions, and output folders that would come in by the wide `include`. */
function excluded({ appDir, tsconfig, folders }: AnalysisConfigInput): string[] {
  const outDir = tsconfig?.compilerOptions["outDir"];
  return [
    ...(tsconfig?.exclude ?? []),
    join(appDir, "**/node_modules"),
    join(appDir, "**/dist"),
    folders.encore,
    ...(typeof outDir === "string" ? [join(appDir, outDir)] : []),
  ];
}

function relativePath(fromDir: string, path: string): string {
  const result = relative(fromDir, path).split(sep).join("/");
  return result.startsWith(".") ? result : `./${result}`;
}
