// One log line before it is rendered: what was said, and within which call.
import type { LogLevel } from "./level.ts";
import type { Plain } from "./to-plain.ts";

export interface LogEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly call: {
    readonly service: string;
    readonly endpoint: string;
    readonly traceId: string;
    readonly spanId: string;
  } | null;
  readonly fields: Readonly<Record<string, Plain>>;
}
