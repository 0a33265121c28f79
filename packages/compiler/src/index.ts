// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export { ensureTsconfig } from "./app/default-tsconfig.ts";
export { type App, findAppDir, readApp } from "./app/find-app.ts";
export { buildProduction, type ProductionOptions } from "./build-production.ts";
export { type BuildResult, type Compiler, type CompilerOptions, createCompiler } from "./compiler.ts";
export { joinTypeErrors } from "./diagnose/join-type-errors.ts";
export { renderCodeFrame, renderDiagnostic, type RenderOptions } from "./diagnose/render.ts";
