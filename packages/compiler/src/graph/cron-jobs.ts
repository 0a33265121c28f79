// Cron jobs: their schedules, and the endpoints they call.
import type { CronJob, Diagnostic, Service } from "@tenon/model";
import { Cron } from "croner";
import type { Discovered, Found, FoundEndpoint } from "../discover/discover.ts";
import type { Reference, UnitResult } from "../schema/unit.ts";
import { isReferenceTo, type Options, ResourceReader } from "./resource-reader.ts";

export interface CronJobsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly services: readonly Service[];
  readonly diagnostics: Diagnostic[];
}

const knownOptions = ["title", "endpoint", "every", "schedule", "timeZone", "overlap", "catchUp"];
const daySeconds = 86_400;

export function collectCronJobs({ discovered, resultOf, services, diagnostics }: CronJobsInput): CronJob[] {
  const jobs: CronJob[] = [];
  for (const found of discovered.resources) {
    if (found.declaration.type !== "cron-job") continue;
    const reader = new ResourceReader(found, resultOf(found), diagnostics);
    const name = reader.name(0, "TN1190", "cron job");
    if (name === null) continue;
    const other = jobs.find((job) => job.name === name);
    if (other !== undefined) {
      reader.report("TN1191", reader.call, { name, other: other.location.file });
      continue;
    }
    const job = readJob(reader, name, discovered, services);
    if (job !== null) jobs.push(job);
  }
  return jobs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readJob(
  reader: ResourceReader,
  name: string,
  discovered: Discovered,
  services: readonly Service[],
): CronJob | null {
  const options = reader.options(1, knownOptions);
  const target = endpointAt(reader.optionReference(1, "endpoint"), discovered);
  if (target === null) {
    reader.report("TN1192", options.get("endpoint") ?? reader.call);
    return null;
  }
  const endpoint = services
    .find((service) => service.name === target.service)
    ?.endpoints.find((one) => one.name === target.found.name);
  if (endpoint?.request !== undefined || endpoint?.kind !== "typed") {
    reader.report("TN1193", options.get("endpoint")!, { endpoint: `${target.service}.${target.found.name}` });
  }
  const schedule = readSchedule(reader, options);
  if (schedule === null) return null;
  const title = reader.text(options, "title", "TN1194");
  return {
    name,
    ...(title === undefined ? {} : { title }),
    service: target.service,
    endpoint: target.found.name,
    schedule,
    overlap: choice(reader, options, "overlap", ["skip", "allow"] as const),
    catchUp: choice(reader, options, "catchUp", ["none", "last"] as const),
    location: reader.location,
  };
}

function endpointAt(
  reference: Reference | null,
  { services }: Discovered,
): { readonly service: string; readonly found: FoundEndpoint } | null {
  for (const { name, endpoints } of services) {
    const found = endpoints.find((endpoint) => isReferenceTo(reference, endpoint));
    if (found !== undefined) return { service: name, found };
  }
  return null;
}

function readSchedule(reader: ResourceReader, options: Options): CronJob["schedule"] | null {
  const every = options.get("every");
  const schedule = options.get("schedule");
  if ((every === undefined) === (schedule === undefined)) {
    reader.report("TN1195", every ?? reader.call);
    return null;
  }
  return every === undefined ? readExpression(reader, options) : readEvery(reader, options);
}

/** The same times every day: an interval that does not divide it would drift from day to day. */
function readEvery(reader: ResourceReader, options: Options): CronJob["schedule"] | null {
  const everyMs = reader.duration(options, "every", "TN1194", 1000, "2h");
  if (everyMs === undefined) return null;
  const seconds = everyMs / 1000;
  if (Number.isInteger(seconds) && daySeconds % seconds === 0) return { kind: "every", seconds };
  reader.report("TN1196", options.get("every")!, { nearest: nearestDivisors(seconds).map(spell).join(" or ") });
  return null;
}

function nearestDivisors(seconds: number): number[] {
  const isDivisor = (value: number) => daySeconds % value === 0;
  let below = Math.min(Math.floor(seconds), daySeconds);
  while (below > 1 && !isDivisor(below)) below--;
  let above = Math.min(Math.ceil(seconds), daySeconds);
  while (above < daySeconds && !isDivisor(above)) above++;
  return [...new Set([below, above])];
}

function spell(seconds: number): string {
  if (seconds % 3600 === 0) return `"${seconds / 3600}h"`;
  return seconds % 60 === 0 ? `"${seconds / 60}m"` : `"${seconds}s"`;
}

function readExpression(reader: ResourceReader, options: Options): CronJob["schedule"] | null {
  const expression = reader.text(options, "schedule", "TN1194");
  const timeZone = reader.text(options, "timeZone", "TN1194") ?? "UTC";
  if (expression === undefined) return null;
  try {
    if (expression.trim().split(/\s+/).length !== 5) {
      throw new Error("it must have five fields: minute, hour, day of month, month, day of week");
    }
    if (!isTimeZone(timeZone)) throw new Error("there is no such time zone");
    const cron = new Cron(expression, { timezone: timeZone, paused: true });
    if (cron.nextRun(new Date(Date.UTC(2000, 0, 1))) === null) throw new Error("it never comes to pass");
    return { kind: "cron", expression, timeZone };
  } catch (error) {
    const reason = (error as Error).message;
    reader.report("TN1197", options.get("schedule")!, { expression, timeZone, reason });
    return null;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function choice<Value extends string>(
  reader: ResourceReader,
  options: Options,
  option: string,
  values: readonly [Value, ...Value[]],
): Value {
  const value = reader.value(options, option) ?? values[0];
  const known = values.find((one) => one === value);
  if (known !== undefined) return known;
  const expected = values.map((one) => `"${one}"`).join(" or ");
  reader.report("TN1194", options.get(option)!, { option, expected });
  return values[0];
}
