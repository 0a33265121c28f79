// Where the dashboard's log lines come from: whoever runs the services keeps them.
import type { LogFilter, LogRecord } from "@tenon/model";

export interface LogSource {
  /** In the order in which they arrived. */
  list(filter: LogFilter): LogRecord[];
  /** Called with each new line; gives a function that ends it. */
  subscribe(reader: (record: LogRecord) => void): () => void;
}
