// `tenon logs`: what the services of the running app log and print.
import { isLogRecordLevel, type LogFilter, type LogRecord, matchesLogFilter } from "@tenon/model";
import { type LogEntry, renderPretty } from "@tenon/runtime";
import { hasColor } from "../terminal-style.ts";
import { askDashboard } from "./ask-dashboard.ts";
import {
  booleanOption,
  type Command,
  type CommandInput,
  integerOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { readEvents } from "./read-events.ts";
import { dashboardOf } from "./running-app.ts";

export const logsCommand: Command = {
  name: "logs",
  summary: "Shows what the services of the running app log",
  positionals: [],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    service: { type: "string", value: "S", summary: "only lines of this service" },
    level: {
      type: "string",
      value: "L",
      summary: "only lines of this level and above: trace, debug, info, warn, error",
    },
    trace: { type: "string", value: "ID", summary: "only lines of this trace" },
    limit: { type: "string", value: "N", summary: "how many of the newest lines (200)" },
    follow: { type: "boolean", short: "f", summary: "go on with new lines as they come" },
    json: { type: "boolean", summary: "print one object a line" },
  },
  async run(input) {
    const filter = filterOf(input);
    const dashboard = await dashboardOf(stringOption(input, "app"));
    const print = booleanOption(input, "json") ? printJson : printForPeople;
    // Connected first, so that nothing falls between the list and what comes after it.
    const events = booleanOption(input, "follow") ? await readEvents(`${dashboard}/api/events`) : undefined;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
    const { logs } = await askDashboard<{ logs: LogRecord[] }>(`${dashboard}/api/logs?${query}`);
    for (const record of logs) print(record);
    if (events === undefined) return 0;
    const lastId = logs.at(-1)?.id ?? 0;
    for await (const { event, data } of events) {
      if (event !== "logs") continue;
      for (const record of data as LogRecord[])
        if (record.id > lastId && matchesLogFilter(record, filter)) print(record);
    }
    return 0;
  },
};

function filterOf(input: CommandInput): LogFilter {
  const service = stringOption(input, "service");
  const level = stringOption(input, "level");
  const traceId = stringOption(input, "trace");
  if (level !== undefined && !isLogRecordLevel(level)) {
    throw new UsageError(`--level must be trace, debug, info, warn or error, got "${level}"`);
  }
  return {
    limit: integerOption(input, "limit", 1) ?? 200,
    ...(service === undefined ? {} : { service }),
    ...(level === undefined ? {} : { level }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function printJson(record: LogRecord): void {
  process.stdout.write(`${JSON.stringify(record)}\n`);
}

function printForPeople(record: LogRecord): void {
  const { at, level, message, service, endpoint, traceId = "", spanId = "", fields } = record;
  const call = service === null || endpoint === undefined ? null : { service, endpoint, traceId, spanId };
  const entry = { at, level, message, call, fields: fields ?? {} } as LogEntry;
  const name = call === null && service !== null ? `${service} ` : "";
  process.stdout.write(`${renderPretty({ ...entry, message: name + message }, hasColor)}\n`);
}
