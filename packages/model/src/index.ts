// What a Tenon app is: graph, schemas, codec contract, error codes, traces. Depends on nothing and does nothing at run time beyond look-ups.
export * from "./codec.ts";
export * from "./diagnostic.ts";
export * from "./duration.ts";
export * from "./error-code.ts";
export * from "./graph.ts";
export * from "./guarantee-text.ts";
export * from "./http-request.ts";
export * from "./json-schema.ts";
export * from "./schema.ts";
export * from "./topic-state.ts";
export * from "./trace.ts";
export * from "./log-record.ts";
