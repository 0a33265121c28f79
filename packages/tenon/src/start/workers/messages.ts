// What the supervisor of worker processes and its workers say to each other over the IPC channel, besides what node:cluster says there.
import type { CheckResult, MetricReading } from "@tenon/runtime";

/** Set for workers, so that a process that is none need not load node:cluster to know. */
export const WORKER_VARIABLE = "TENON_WORKER";

/** The same for all workers of one app on this machine. */
export interface Shared {
  readonly credential: string;
  readonly deployId: string;
}

/** What a worker tells of itself. */
export interface Reports {
  readonly metrics: MetricReading[];
  readonly checks: CheckResult[];
}

export type ToWorker =
  /** To `hello`. */
  | { readonly type: "start"; readonly worker: number; readonly shared: Shared }
  /** Finish what is under way, then exit with 0. */
  | { readonly type: "stop" }
  /** Answered with `report`. */
  | { readonly type: "report"; readonly id: number; readonly what: keyof Reports }
  /** To an `ask`. */
  | { readonly type: "answer"; readonly id: number; readonly value: unknown };

export type FromWorker =
  /** Listens now: what is sent to it before may be lost. */
  | { readonly type: "hello" }
  | {
      readonly type: "ready";
      readonly services: readonly string[];
      readonly gateway: string | null;
      readonly internal: string | null;
      /** How long it may take to stop. */
      readonly shutdownTimeoutMs: number;
    }
  | { readonly type: "report"; readonly id: number; readonly value: MetricReading[] | CheckResult[] }
  /** The last it says: what it has counted. */
  | { readonly type: "leaving"; readonly metrics: MetricReading[] }
  | { readonly type: "ask"; readonly id: number; readonly question: Question };

/** Answered by the supervisor. */
export type Question =
  | { readonly about: "metrics" }
  | { readonly about: "checks" }
  | { readonly about: "cron"; readonly call: CronCall };

/** A call of a CronStore: its method and arguments. */
export type CronCall =
  | { readonly method: "claim"; readonly job: string; readonly tickAt: number; readonly overlap: "skip" | "allow" }
  | { readonly method: "finish"; readonly job: string; readonly tickAt: number; readonly ok: boolean }
  | { readonly method: "newestTick"; readonly job: string };
