// Where workers ask about all of them: merged metrics, checks of every one, and who runs a tick of a cron job.
import {
  type CronStore,
  createMemoryStore,
  lastingMetrics,
  mergeMetrics,
  type CheckResult,
  type MetricReading,
} from "@tenon/runtime";
import type { CronCall, Question } from "./messages.ts";
import type { WorkerProcess } from "./worker-process.ts";

export class SiblingDesk {
  readonly #workers: () => readonly WorkerProcess[];
  readonly #cron: CronStore = createMemoryStore();
  /** Ticks that a worker has taken and not finished. */
  readonly #ticks = new Map<WorkerProcess, Map<string, Extract<CronCall, { method: "claim" }>>>();
  /** What each worker last told: what it leaves behind should it be gone before the next time. */
  readonly #told = new Map<WorkerProcess, MetricReading[]>();
  /** Sums of workers that are gone. */
  #left: MetricReading[] = [];

  /** `workers`: those that serve now. */
  constructor(workers: () => readonly WorkerProcess[]) {
    this.#workers = workers;
  }

  async answer(question: Question, from: WorkerProcess): Promise<unknown> {
    if (question.about === "metrics") return this.#metrics();
    if (question.about === "checks") return this.#checks();
    return this.#callCron(question.call, from);
  }

  /** The last a worker tells before it goes. */
  tell(worker: WorkerProcess, metrics: MetricReading[]): void {
    this.#told.set(worker, metrics);
  }

  /** A worker is gone, its process ended. */
  async leave(worker: WorkerProcess): Promise<void> {
    this.#left = mergeMetrics([this.#left, lastingMetrics(this.#told.get(worker) ?? [])]);
    this.#told.delete(worker);
    const ticks = this.#ticks.get(worker);
    this.#ticks.delete(worker);
    for (const { job, tickAt } of ticks?.values() ?? []) await this.#cron.finish(job, tickAt, "failed", "");
  }

  async #metrics(): Promise<MetricReading[]> {
    await Promise.all(
      this.#workers().map(async (worker) => {
        const metrics = await worker.report("metrics");
        if (metrics !== undefined) this.#told.set(worker, metrics);
      }),
    );
    return mergeMetrics([this.#left, ...this.#told.values()]);
  }

  async #checks(): Promise<CheckResult[]> {
    const all = await Promise.all(this.#workers().map((worker) => worker.report("checks")));
    const worst = new Map<string, CheckResult>();
    for (const check of all.flatMap((checks) => checks ?? [])) {
      const known = worst.get(check.name);
      if (known === undefined || isWorse(check, known)) worst.set(check.name, check);
    }
    return [...worst.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #callCron(call: CronCall, from: WorkerProcess): Promise<unknown> {
    if (call.method === "newestTick") return this.#cron.newestTick(call.job);
    const key = `${call.job} ${call.tickAt}`;
    if (call.method === "finish") {
      this.#ticks.get(from)?.delete(key);
      return this.#cron.finish(call.job, call.tickAt, call.ok ? "ok" : "failed", "");
    }
    const outcome = await this.#cron.claim(call);
    if (outcome === "mine") {
      const own = this.#ticks.get(from) ?? new Map();
      this.#ticks.set(from, own.set(key, call));
    }
    return outcome;
  }
}

function isWorse(check: CheckResult, known: CheckResult): boolean {
  if (check.status !== known.status) return check.status === "failed";
  return check.durationMs > known.durationMs;
}
