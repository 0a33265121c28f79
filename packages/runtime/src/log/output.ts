// Where log lines go and how they look. One setting for the process; until it is configured: JSON, from level info, to stdout.
import { TelemetrySettingError } from "../telemetry/errors.ts";
import { redactText } from "../telemetry/redaction.ts";
import type { LogEntry } from "./entry.ts";
import { isLogLevel, type LogLevel, severityOf } from "./level.ts";
import { renderJson } from "./render-json.ts";
import { renderPretty } from "./render-pretty.ts";

export interface LogOptions {
  /** For people instead of machines. */
  readonly pretty: boolean;
  /** Lines below it are not written. Default: TENON_LOG_LEVEL, else ENCORE_LOG, else `defaultLevel`. */
  readonly level?: LogLevel;
  /** Default: debug when pretty, else info. */
  readonly defaultLevel?: LogLevel;
  /** Only for pretty lines. Default: stdout is a terminal or FORCE_COLOR is set, and NO_COLOR is not. */
  readonly color?: boolean;
  /** Number of the worker process that writes; absent where there is only one. */
  readonly worker?: number;
  /** Default: writes to stdout. Gets a line without its line end. */
  readonly write?: (line: string) => void;
}

let minimum = severityOf.info;
let render: (entry: LogEntry) => string = renderJson;
let write: (line: string) => void = writeToStdout;
let guardsStdout = false;

export function configureLog(options: LogOptions): void {
  const level = options.level ?? levelFromEnv() ?? options.defaultLevel ?? (options.pretty ? "debug" : "info");
  const color = options.color ?? hasColor();
  minimum = severityOf[level];
  const { worker } = options;
  render = options.pretty ? (entry) => renderPretty(entry, color) : (entry) => renderJson(entry, worker);
  write = options.write ?? writeToStdout;
}

export function isLevelOn(level: LogLevel): boolean {
  return severityOf[level] >= minimum;
}

export function writeEntry(entry: LogEntry): void {
  write(redactText(render(entry)));
}

/** FORCE_COLOR is how a supervisor whose terminal has colours tells a process whose stdout is a pipe. */
function hasColor(): boolean {
  if (process.env["NO_COLOR"]) return false;
  return process.stdout.isTTY === true || Boolean(process.env["FORCE_COLOR"]);
}

function levelFromEnv(): LogLevel | undefined {
  const value = process.env["TENON_LOG_LEVEL"]?.trim().toLowerCase();
  if (value === undefined || value === "") return encoreLevel();
  if (!isLogLevel(value)) throw new TelemetrySettingError("invalid_log_level", "TENON_LOG_LEVEL", value);
  return value;
}

/** ENCORE_LOG is a list of filters, "debug,some_module=trace"; the one without a module is the level. */
function encoreLevel(): LogLevel | undefined {
  const filters = process.env["ENCORE_LOG"]?.toLowerCase().split(",") ?? [];
  return filters.map((filter) => filter.trim()).find(isLogLevel);
}

function writeToStdout(line: string): void {
  if (!guardsStdout) {
    // Whoever read our output went away: an 'error' nobody listens to would end the process in the middle of its work.
    process.stdout.on("error", () => {});
    guardsStdout = true;
  }
  process.stdout.write(`${line}\n`);
}
