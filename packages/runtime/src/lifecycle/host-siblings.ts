// Where several worker processes run the same services behind one door, a request about the process is about all of them: what each
// gives to the others, and how it asks them.
import type { CronStore } from "../cron/cron-store.ts";
import type { MetricReading } from "../metrics/metric-reading.ts";
import type { CheckResult } from "./hosted-services.ts";

/** What a process tells its siblings of itself. */
export interface OwnState {
  readMetrics(): MetricReading[];
  runChecks(): Promise<CheckResult[]>;
}

export interface HostSiblings {
  /** Number of this worker, from 1; in its log lines. */
  readonly worker: number;
  /** Agrees among the workers of this machine on who runs which tick, for an app without a database. */
  readonly cronStore: CronStore;
  /** From now on this process can be asked. */
  join(own: OwnState): void;
  /** Merged metrics of all workers, this one among them. */
  readMetrics(): Promise<MetricReading[]>;
  /** Checks of all workers: each has failed when it failed in any of them. */
  runChecks(): Promise<CheckResult[]>;
}
