// A cron job's schedule in the words of EventBridge: six fields, of which one of the two kinds of days has to be open. A job that names both
// gets two schedules, as either of them counts.
import type { CronJob } from "@tenon/model";
import { cronFields, fieldText } from "../functions/cron-fields.ts";

const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Throws DeployError `target_unable`. */
export function scheduleExpressions(job: CronJob): {
  readonly expressions: readonly string[];
  readonly timeZone: string;
} {
  const { minutes, hours, days, months, weekdays, timeZone } = cronFields(job);
  const time = `${fieldText(minutes)} ${fieldText(hours)}`;
  const week = weekdays === "*" ? undefined : weekdays.map((day) => weekdayNames[day]).join(",");
  const byDay = `cron(${time} ${fieldText(days)} ${fieldText(months)} ? *)`;
  const byWeek = `cron(${time} ? ${fieldText(months)} ${week} *)`;
  if (week === undefined) return { expressions: [byDay], timeZone };
  return { expressions: days === "*" ? [byWeek] : [byDay, byWeek], timeZone };
}
