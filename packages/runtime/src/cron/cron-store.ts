// Where runs are written down, which is also how the replicas of an app agree on who runs what: a tick belongs to whoever writes it first.
import type { CronJob } from "@tenon/model";

export type RunStatus = "running" | "ok" | "failed" | "skipped" | "missed";

export interface Claim {
  readonly job: string;
  /** Epoch milliseconds. */
  readonly tickAt: number;
  readonly overlap: CronJob["overlap"];
}

/** What became of a claim: `mine`: run it; `taken`: somebody else has it; `skipped`: the run before still goes on. */
export type ClaimOutcome = "mine" | "taken" | "skipped";

export interface CronStore {
  /** Makes ready; safe to repeat. */
  prepare(): Promise<void>;
  claim(claim: Claim): Promise<ClaimOutcome>;
  /** Says that the run still goes on; one that says nothing for `staleAfterMs` counts as lost. */
  beat(job: string, tickAt: number): Promise<void>;
  finish(job: string, tickAt: number, status: "ok" | "failed", traceId: string): Promise<void>;
  /** Ticks whose runner is lost, each given to one caller: they are to be run again. */
  takeLost(jobs: readonly string[]): Promise<readonly { readonly job: string; readonly tickAt: number }[]>;
  /** Of the newest tick of a job; null: it never ran. */
  newestTick(job: string): Promise<number | null>;
  /** Writes down a tick that nobody ran. */
  markMissed(job: string, tickAt: number): Promise<void>;
  close(): Promise<void>;
}

/** A runner that has not been heard of for so long is lost. */
export const staleAfterMs = 30_000;
