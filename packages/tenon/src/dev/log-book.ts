// Keeps the newest lines of every service of the running app, for the dashboard and `tenon logs`, and gives each on to the terminal as
// it is to be shown there.
import { type LogFilter, type LogRecord, matchesLogFilter } from "@tenon/model";
import { type LogEntry, parseLogLine, redactText, renderPretty } from "@tenon/runtime";

export interface LogBookOptions {
  /** "pretty": for people; "json": as the processes wrote it. */
  readonly format: "pretty" | "json";
  readonly color: boolean;
  /** A line for the terminal. */
  readonly show: (line: string, stream: "stdout" | "stderr") => void;
}

const LINES_PER_SERVICE = 2_000;
/** A line that was printed may be of any length. */
const MAX_PRINTED_LENGTH = 16_384;

export class LogBook {
  readonly #options: LogBookOptions;
  readonly #records = new Map<string | null, LogRecord[]>();
  readonly #readers = new Set<(record: LogRecord) => void>();
  #lastId = 0;

  constructor(options: LogBookOptions) {
    this.#options = options;
  }

  /** Takes a line that a process which hosts `services` wrote. */
  take(line: string, stream: "stdout" | "stderr", services: readonly string[]): void {
    const entry = parseLogLine(line);
    const only = services.length === 1 ? (services[0] ?? null) : null;
    this.#keep(entry === null ? printed(line, stream, only) : logged(entry, only));
    const { format, color, show } = this.#options;
    show(entry === null || format === "json" ? line : renderPretty(entry, color), stream);
  }

  /** In the order in which they arrived. */
  list(filter: LogFilter): LogRecord[] {
    const wanted =
      filter.service === undefined ? [...this.#records.values()] : [this.#records.get(filter.service) ?? []];
    return wanted
      .flatMap((records) => records.filter((record) => matchesLogFilter(record, filter)))
      .sort((a, b) => a.id - b.id)
      .slice(-filter.limit);
  }

  /** Gives a function that ends it. */
  subscribe(reader: (record: LogRecord) => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  #keep(line: Omit<LogRecord, "id">): void {
    const record: LogRecord = { id: ++this.#lastId, ...line };
    const records = this.#records.get(record.service) ?? [];
    this.#records.set(record.service, records);
    records.push(record);
    // Not one at a time: moving two thousand entries for every line would cost more than writing it.
    if (records.length > LINES_PER_SERVICE * 1.1) records.splice(0, records.length - LINES_PER_SERVICE);
    for (const reader of this.#readers) reader(record);
  }
}

function logged({ at, level, message, call, fields }: LogEntry, only: string | null): Omit<LogRecord, "id"> {
  if (call === null) return { at, level, service: only, message, fields };
  const { service, endpoint, traceId, spanId } = call;
  return { at, level, service, endpoint, traceId, spanId, message, fields };
}

/** What code printed by itself may hold a secret, which a log line would not. */
function printed(line: string, stream: "stdout" | "stderr", only: string | null): Omit<LogRecord, "id"> {
  const message = redactText(line.slice(0, MAX_PRINTED_LENGTH));
  return { at: Date.now(), level: stream === "stderr" ? "error" : "info", service: only, message };
}
