// Runs of an app without a database, and of development: nothing outlives the process, and nobody else is asked.
import type { Claim, ClaimOutcome, CronStore } from "./cron-store.ts";

export function createMemoryStore(): CronStore {
  const newest = new Map<string, number>();
  const running = new Map<string, number>();
  return {
    prepare: async () => {},
    async claim({ job, tickAt, overlap }: Claim): Promise<ClaimOutcome> {
      if ((newest.get(job) ?? Number.NEGATIVE_INFINITY) >= tickAt) return "taken";
      newest.set(job, tickAt);
      const others = running.get(job) ?? 0;
      if (overlap === "skip" && others > 0) return "skipped";
      running.set(job, others + 1);
      return "mine";
    },
    beat: async () => {},
    finish: async (job) => void running.set(job, (running.get(job) ?? 1) - 1),
    takeLost: async () => [],
    newestTick: async (job) => newest.get(job) ?? null,
    markMissed: async () => {},
    close: async () => {},
  };
}
