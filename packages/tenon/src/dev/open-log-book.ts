// The log book of a running app: what services write comes in by `take`, what the gateway in this process has to say goes the same way.
import { configureLog } from "@tenon/runtime";
import { hasColor } from "../terminal-style.ts";
import { LogBook } from "./log-book.ts";
import type { Reporter } from "./reporter.ts";

export function openLogBook(reporter: Reporter, format: "pretty" | "json"): LogBook {
  const logs = new LogBook({ format, color: hasColor, show: (line, stream) => reporter.log(line, stream) });
  configureLog({ pretty: false, defaultLevel: "debug", write: (line) => logs.take(line, "stdout", ["gateway"]) });
  return logs;
}
