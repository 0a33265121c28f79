// The way back from a line that `render-json` wrote to the entry it came from, for a supervisor that shows what its processes log.
import { isLogLevel } from "./level.ts";
import type { LogEntry } from "./entry.ts";
import type { Plain } from "./to-plain.ts";

/** null: it is not such a line. */
export function parseLogLine(line: string): LogEntry | null {
  if (!line.startsWith('{"time":')) return null;
  let parsed: Record<string, Plain>;
  try {
    parsed = JSON.parse(line) as Record<string, Plain>;
  } catch {
    return null;
  }
  const { time, level, message, service, endpoint, trace_id: traceId, span_id: spanId, ...rest } = parsed;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at) || !isLogLevel(level) || typeof message !== "string") return null;
  const isInCall = typeof service === "string" && typeof endpoint === "string";
  const fields: Record<string, Plain> = {};
  for (const key in rest) fields[key.startsWith("field.") ? key.slice("field.".length) : key] = rest[key] ?? null;
  return {
    at,
    level,
    message,
    call: isInCall ? { service, endpoint, traceId: String(traceId), spanId: String(spanId) } : null,
    fields,
  };
}
