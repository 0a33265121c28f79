// `tenon cron list|run`: the cron jobs of the running app.
import type { CronJob } from "@tenon/model";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  stringOption,
  UsageError,
} from "./definition.ts";
import { dashboardOf } from "./running-app.ts";

type ListedJob = CronJob & { readonly nextRunAt: number | null };

export const cronCommand: Command = {
  name: "cron",
  summary: "Lists the cron jobs of the running app (list) or runs one now (run NAME)",
  positionals: ["list|run", "name"],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    json: { type: "boolean", summary: "print JSON" },
  },
  async run(input) {
    const [action = "list", name] = input.positionals;
    if (action !== "list" && action !== "run") throw new UsageError(`cron knows list and run, not "${action}"`);
    const dashboard = await dashboardOf(stringOption(input, "app"));
    if (action === "list") return list(dashboard, input);
    if (name === undefined) throw new UsageError("cron run needs the name of a job");
    return run(dashboard, name, input);
  },
};

async function list(dashboard: string, input: CommandInput): Promise<number> {
  const { jobs } = await ask<{ jobs: ListedJob[] }>(`${dashboard}/api/cron`, "GET");
  for (const job of jobs) process.stdout.write(`${booleanOption(input, "json") ? JSON.stringify(job) : lineOf(job)}\n`);
  return 0;
}

async function run(dashboard: string, name: string, input: CommandInput): Promise<number> {
  const path = `${dashboard}/api/cron/${encodeURIComponent(name)}/run`;
  const result = await ask<{ traceId: string; ok: boolean }>(path, "POST");
  const text = `${name} ${result.ok ? "ran" : "failed"}; trace ${result.traceId}`;
  process.stdout.write(`${booleanOption(input, "json") ? JSON.stringify(result) : text}\n`);
  return result.ok ? 0 : 1;
}

function lineOf({ name, service, endpoint, schedule, nextRunAt }: ListedJob): string {
  const when =
    schedule.kind === "every" ? `every ${schedule.seconds} s` : `${schedule.expression} (${schedule.timeZone})`;
  const next = nextRunAt === null ? "never" : new Date(nextRunAt).toISOString();
  return [name, when, `${service}.${endpoint}`, `next ${next}`].join("  ");
}

async function ask<T>(url: string, method: string): Promise<T> {
  const response = await fetch(url, { method });
  const body = (await response.json()) as T & { code?: string; message?: string };
  if (response.ok) return body;
  throw new CommandError(body.code ?? "failed", body.message ?? `the dashboard answered ${response.status}`);
}
