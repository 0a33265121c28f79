// The runtime's public surface: what the `tenon` package re-exports to users, and what the supervisor and generated code use.
export * from "./call/context.ts";
export type * from "./lifecycle/host-config.ts";
export type * from "./telemetry/span.ts";
