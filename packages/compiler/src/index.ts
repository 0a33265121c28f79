// Turns a folder of TypeScript into an application graph, diagnostics, generated files and bundles.
export {};
