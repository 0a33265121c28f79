// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export * from "./emit/codecs/emit-codecs.ts";
