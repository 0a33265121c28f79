// The declaration of a cron job. The compiler reads it; at run time the scheduler knows it from the graph.
import type { DurationString } from "@tenon/model";

/** Settings of a cron job: either `every` or `schedule`. */
export type CronJobConfig = {
  /** What people call it. Default: its name. */
  title?: string;
  /** The endpoint it calls: one that takes nothing. It need not be exposed. */
  endpoint: () => Promise<unknown>;
  /** What happens when a run is due while the one before still goes on. Default: "skip". */
  overlap?: "skip" | "allow";
  /** What happens, after nobody was there to run it, to the runs that were missed. Default: "none", they are only written down. */
  catchUp?: "none" | "last";
} & (
  | {
      /** Interval from midnight UTC; divides a day evenly: "10m", "2h". */
      every: DurationString;
    }
  | {
      /** Minute, hour, day of month, month, day of week: "0 4 * * mon-fri". */
      schedule: string;
      /** IANA name: "Europe/Berlin". Default: "UTC". */
      timeZone?: string;
    }
);

/**
 * Calls an endpoint by the clock, once per tick however many replicas run:
 *
 * ```ts
 * new CronJob("cleanup", { every: "1h", endpoint: cleanup });
 * ```
 */
export class CronJob {
  readonly name: string;
  readonly config: CronJobConfig;

  constructor(name: string, config: CronJobConfig) {
    this.name = name;
    this.config = config;
  }
}
