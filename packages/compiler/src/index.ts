// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export { ensureTsconfig } from "./app/default-tsconfig.ts";
export { type App, findAppDir, readApp } from "./app/find-app.ts";
export { buildProduction, type ProductionOptions } from "./build-production.ts";
export {
  type BuildResult,
  type Compiler,
  type CompilerOptions,
  createCompiler,
  developmentOutDir,
} from "./compiler.ts";
export type { BuildManifest } from "./emit/files/write-build.ts";
export * from "./emit/codecs/emit-codecs.ts";
export * from "./analyze.ts";
export { canonicalSpecifier } from "./aliases.ts";
export { renderDiagnostic, type RenderOptions } from "./diagnose/render.ts";
