// When a job is due. Intervals count from midnight UTC, so that they come at the same times every day; expressions are read in their time
// zone: what falls into an hour that is skipped runs right after it, what falls into one that comes twice runs once.
import type { CronJob } from "@tenon/model";
import { Cron } from "croner";

export interface Schedule {
  /** The first tick after that time, as epoch milliseconds; null: there is none any more. */
  next(afterMs: number): number | null;
  /** The last tick at that time or before, not before `earliestMs`; null: there is none. */
  last(atMs: number, earliestMs: number): number | null;
}

/** Looking back goes in steps of this size. */
const stepsBackMs = [60_000, 3_600_000, 86_400_000, 32 * 86_400_000, 367 * 86_400_000];

export function createSchedule(schedule: CronJob["schedule"]): Schedule {
  if (schedule.kind === "every") {
    const everyMs = schedule.seconds * 1000;
    return {
      next: (afterMs) => (Math.floor(afterMs / everyMs) + 1) * everyMs,
      last: (atMs, earliestMs) => {
        const tick = Math.floor(atMs / everyMs) * everyMs;
        return tick >= earliestMs ? tick : null;
      },
    };
  }
  const cron = new Cron(schedule.expression, { timezone: schedule.timeZone, paused: true });
  const next = (afterMs: number) => cron.nextRun(new Date(afterMs))?.getTime() ?? null;
  return { next, last: (atMs, earliestMs) => lastBefore(next, atMs, earliestMs) };
}

/** The expression can only be asked forwards: from ever further back, until a tick lies between. */
function lastBefore(next: Schedule["next"], atMs: number, earliestMs: number): number | null {
  for (const stepMs of stepsBackMs) {
    let tick = next(Math.max(atMs - stepMs, earliestMs - 1));
    if (tick === null || tick > atMs) {
      if (atMs - stepMs < earliestMs) return null;
      continue;
    }
    for (let later = next(tick); later !== null && later <= atMs; later = next(tick)) tick = later;
    return tick;
  }
  return null;
}
