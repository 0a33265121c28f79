// The runtime's public surface: what the `tenon` package re-exports to users, and what the supervisor and generated code use.
export * from "./call/context.ts";
export type * from "./lifecycle/host-config.ts";
export type * from "./telemetry/span.ts";
export { isLogLevel, LogLevel } from "./log/level.ts";
export { type LogFields, type Logger, log } from "./log/log.ts";
export { configureLog, type LogOptions } from "./log/output.ts";
export { configureTelemetry, type TelemetryOptions } from "./telemetry/configure-telemetry.ts";
export { TelemetrySettingError } from "./telemetry/errors.ts";
export { flushTelemetry, type TelemetryCounts, telemetryCounts } from "./telemetry/pipeline.ts";
export { startSpan } from "./telemetry/recorder.ts";
export { telemetryConfigFromEnv } from "./telemetry/telemetry-config-from-env.ts";
export { formatTraceparent, parseTraceparent } from "./telemetry/trace-context.ts";
