// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export * from "./analyze.ts";
export { canonicalSpecifier } from "./aliases.ts";
export { renderDiagnostic, type RenderOptions } from "./diagnose/render.ts";
