// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export { type AppImports, readAppImports, resolveAppImport } from "./app/app-imports.ts";
export { ensureTsconfig } from "./app/default-tsconfig.ts";
export { findAppDir } from "./app/find-app-dir.ts";
export { type App, readApp } from "./app/find-app.ts";
export { readAppSettings } from "./discover/app-id.ts";
export { buildProduction, type ProductionOptions } from "./build-production.ts";
export { type BuildResult, type Compiler, type CompilerOptions, createCompiler } from "./compiler.ts";
export { cutBuild, type CutOptions } from "./cut/cut-build.ts";
export { CutError, type CutErrorCode } from "./cut/cut-error.ts";
export { type NativeProblem, nativeProblems, type Platform } from "./bundle/native-problems.ts";
export { joinTypeErrors } from "./diagnose/join-type-errors.ts";
export { renderCodeFrame, renderDiagnostic, type RenderOptions } from "./diagnose/render.ts";
export { type ClientTextOptions, emitJavaScriptClient, emitTypeScriptClient } from "./emit/client-ts/emit-client.ts";
export type { OpenApiDocument } from "./emit/openapi/document.ts";
export { emitOpenApi, type OpenApiOptions } from "./emit/openapi/emit-openapi.ts";
export type { Selection } from "./emit/public-api/select-services.ts";
