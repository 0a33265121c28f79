// The levels of a log line and their order.

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** The names by which Encore.ts code refers to the levels. */
export const LogLevel = {
  Trace: "trace",
  Debug: "debug",
  Info: "info",
  Warn: "warn",
  Error: "error",
} as const satisfies Record<string, LogLevel>;

export const severityOf: Record<LogLevel, number> = { trace: 1, debug: 2, info: 3, warn: 4, error: 5 };

export function isLogLevel(value: unknown): value is LogLevel {
  return typeof value === "string" && Object.hasOwn(severityOf, value);
}
