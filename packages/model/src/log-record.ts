// One line that a service of the running app logged or printed, as the dashboard's API and `tenon logs` give it.

export type LogRecordLevel = "trace" | "debug" | "info" | "warn" | "error";

export interface LogRecord {
  /** Growing; the order in which lines arrived. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of a printed line: "info" on stdout, "error" on stderr. */
  readonly level: LogRecordLevel;
  /** null: it was logged outside of a request by a process that hosts several services. */
  readonly service: string | null;
  readonly message: string;
  /** Within a request. */
  readonly endpoint?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Absent for a line that was printed and not logged. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface LogFilter {
  readonly service?: string;
  /** This level and those above it. */
  readonly level?: LogRecordLevel;
  readonly traceId?: string;
  /** Epoch milliseconds: then or later. */
  readonly since?: number;
  /** The newest so many. */
  readonly limit: number;
}

const severities: readonly LogRecordLevel[] = ["trace", "debug", "info", "warn", "error"];

export function isLogRecordLevel(text: string): text is LogRecordLevel {
  return (severities as readonly string[]).includes(text);
}

/** Whether a line is among those asked for; the limit is for whoever collects them. */
export function matchesLogFilter(record: LogRecord, { service, level, traceId, since }: LogFilter): boolean {
  return (
    (service === undefined || record.service === service) &&
    (level === undefined || severities.indexOf(record.level) >= severities.indexOf(level)) &&
    (traceId === undefined || record.traceId === traceId) &&
    (since === undefined || record.at >= since)
  );
}
