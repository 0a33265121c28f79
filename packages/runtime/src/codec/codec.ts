// The building blocks of generated codecs: what `codecs/<service>.js` of a build imports. The emitter in the compiler knows these
// names; nothing else should.
export * from "./cookies.ts";
export * from "./decimal.ts";
export * from "./depth.ts";
export * from "./formats.ts";
export * from "./http-text.ts";
export * from "./issues.ts";
export * from "./json-value.ts";
export * from "./objects.ts";
export * from "./query.ts";
export * from "./rules.ts";
export * from "./scalar-text.ts";
export * from "./scalars.ts";
export * from "./try-options.ts";
