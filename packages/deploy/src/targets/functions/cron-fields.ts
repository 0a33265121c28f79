// A cron job's schedule as five fields of plain lists, which every platform's own dialect can be written from. Where a platform can only tell
// more often, its extra ticks do no harm: a tick of a job is run once.
import type { CronJob } from "@tenon/model";
import { DeployError } from "../../deploy-error.ts";

/** Sorted; "*": all of them. */
export type CronField = readonly number[] | "*";

export interface CronFields {
  readonly minutes: CronField;
  readonly hours: CronField;
  readonly days: CronField;
  /** From 1. */
  readonly months: CronField;
  /** From 0, which is Sunday. */
  readonly weekdays: CronField;
  /** IANA name. */
  readonly timeZone: string;
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Throws DeployError `target_unable`. */
export function cronFields({ name, schedule }: Pick<CronJob, "name" | "schedule">): CronFields {
  if (schedule.kind === "every") return everyFields(name, schedule.seconds);
  const parts = schedule.expression.trim().toLowerCase().split(/\s+/);
  const unable = () =>
    new DeployError(
      "target_unable",
      `the schedule "${schedule.expression}" of the cron job "${name}" can't be written for a platform's clock`,
      "Use numbers, names, lists, ranges and steps.",
    );
  if (parts.length !== 5) throw unable();
  const [minutes, hours, days, months, weekdays] = parts as [string, string, string, string, string];
  const read = (text: string, first: number, last: number, names: readonly string[] = [], offset = 0): CronField => {
    const field = readField(text, first, last, names, offset);
    if (field === undefined) throw unable();
    return field;
  };
  const week = read(weekdays, 0, 7, dayNames);
  return {
    minutes: read(minutes, 0, 59),
    hours: read(hours, 0, 23),
    days: read(days, 1, 31),
    months: read(months, 1, 12, monthNames, 1),
    weekdays: week === "*" ? week : sortedUnique(week.map((day) => day % 7)),
    timeZone: schedule.timeZone,
  };
}

/** Intervals count from midnight UTC; one that is no divisor of an hour or a number of hours is told of as often as both have in common. */
function everyFields(name: string, seconds: number): CronFields {
  if (seconds % 60 !== 0) {
    const problem = `the cron job "${name}" runs every ${seconds} seconds, and the platform's clock has minutes`;
    throw new DeployError("target_unable", problem, "Use whole minutes, or run its service elsewhere.");
  }
  const everyMinutes = seconds / 60;
  const all = { days: "*", months: "*", weekdays: "*", timeZone: "UTC" } as const;
  if (everyMinutes % 60 === 0) return { minutes: [0], hours: multiples(everyMinutes / 60, 24), ...all };
  return { minutes: multiples(commonDivisor(everyMinutes, 60), 60), hours: "*", ...all };
}

function multiples(step: number, below: number): CronField {
  return step === 1 ? "*" : Array.from({ length: Math.ceil(below / step) }, (_, index) => index * step);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function readField(
  text: string,
  first: number,
  last: number,
  names: readonly string[],
  offset: number,
): CronField | undefined {
  if (text === "*") return "*";
  const values: number[] = [];
  for (const part of text.split(",")) {
    const found = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (found === null) return undefined;
    const [, from, to, step] = found;
    const low = from === undefined ? first : numberOf(from, names, offset);
    const high =
      to === undefined ? (from === undefined || step !== undefined ? last : low) : numberOf(to, names, offset);
    const by = step === undefined ? 1 : Number(step);
    if (!(low >= first && high <= last && low <= high && by > 0)) return undefined;
    for (let value = low; value <= high; value += by) values.push(value);
  }
  return sortedUnique(values);
}

function numberOf(text: string, names: readonly string[], offset: number): number {
  const index = names.indexOf(text);
  return index === -1 ? Number(text) : index + offset;
}

function sortedUnique(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** "*", or the values with commas between. */
export function fieldText(field: CronField): string {
  return field === "*" ? field : field.join(",");
}
