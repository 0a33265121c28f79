// A log entry as one line of JSON, for machines: what a production process writes.
import type { LogEntry } from "./entry.ts";
import type { Plain } from "./to-plain.ts";

/** Ours; a user's field of such a name is written as `field.<name>`, so that nobody can forge a time or a trace. */
const RESERVED = new Set(["time", "level", "message", "service", "endpoint", "trace_id", "span_id"]);

/** `worker`: number of the process, where several run the same services. */
export function renderJson(entry: LogEntry, worker?: number): string {
  const line: Record<string, Plain> = {
    time: new Date(entry.at).toISOString(),
    level: entry.level,
    message: entry.message,
  };
  if (entry.call !== null) {
    line["service"] = entry.call.service;
    line["endpoint"] = entry.call.endpoint;
    line["trace_id"] = entry.call.traceId;
    line["span_id"] = entry.call.spanId;
  }
  if (worker !== undefined) line["worker"] = worker;
  const isOurs = (key: string) => RESERVED.has(key) || (worker !== undefined && key === "worker");
  for (const key in entry.fields) line[isOurs(key) ? `field.${key}` : key] = entry.fields[key] ?? null;
  return JSON.stringify(line);
}
