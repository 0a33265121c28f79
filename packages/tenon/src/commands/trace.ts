// `tenon trace list|show`: the traces of the running app, in the terminal.
import type { Trace, TraceSummary } from "@tenon/model";
import { hasColor } from "../terminal-style.ts";
import { askDashboard } from "./ask-dashboard.ts";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  integerOption,
  stringOption,
  UsageError,
} from "./definition.ts";
import { dashboardOf } from "./running-app.ts";
import { renderTraceList } from "./trace-list.ts";
import { renderTraceTree } from "./trace-tree.ts";

export const traceCommand: Command = {
  name: "trace",
  summary: "Lists traces (list) or shows one as a tree (show ID; without ID: the newest)",
  positionals: ["list|show", "id"],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    limit: { type: "string", value: "N", summary: "how many traces to list (20)" },
    service: { type: "string", value: "S", summary: "only traces in which this service took part" },
    status: { type: "string", value: "S", summary: "only ok or error" },
    json: { type: "boolean", summary: "print JSON" },
  },
  async run(input) {
    const [action = "list", id] = input.positionals;
    if (action !== "list" && action !== "show") throw new UsageError(`trace knows list and show, not "${action}"`);
    const dashboard = await dashboardOf(stringOption(input, "app"));
    if (action === "list") await list(dashboard, input);
    else await show(dashboard, id, input);
    return 0;
  },
};

async function list(dashboard: string, input: CommandInput): Promise<void> {
  const query = new URLSearchParams({ limit: String(integerOption(input, "limit", 1) ?? 20) });
  for (const name of ["service", "status"]) {
    const value = stringOption(input, name);
    if (value !== undefined) query.set(name, value);
  }
  const { traces } = await askDashboard<{ traces: TraceSummary[] }>(`${dashboard}/api/traces?${query}`);
  if (booleanOption(input, "json")) for (const trace of traces) process.stdout.write(`${JSON.stringify(trace)}\n`);
  else process.stdout.write(`${renderTraceList(traces, rendering())}\n`);
}

async function show(dashboard: string, id: string | undefined, input: CommandInput): Promise<void> {
  const traceId = id ?? (await newest(dashboard));
  if (!/^[0-9a-f]{32}$/.test(traceId)) throw new UsageError(`a trace id is 32 hex digits, got "${traceId}"`);
  const trace = await askDashboard<Trace>(`${dashboard}/api/traces/${traceId}`);
  if (booleanOption(input, "json")) process.stdout.write(`${JSON.stringify(trace)}\n`);
  else process.stdout.write(`${renderTraceTree(trace, rendering())}\n`);
}

function rendering(): { color: boolean; width: number } {
  return { color: hasColor, width: process.stdout.columns ?? 120 };
}

async function newest(dashboard: string): Promise<string> {
  const { traces } = await askDashboard<{ traces: TraceSummary[] }>(`${dashboard}/api/traces?limit=1`);
  const trace = traces[0];
  if (trace === undefined) throw new CommandError("no_traces", "there is no trace yet", "Make a request first.");
  return trace.traceId;
}
