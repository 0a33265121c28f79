// Runs the cron jobs of the services of this process: waits for each tick, claims it among the replicas, runs it, and writes down what
// became of it. The runs of a replica that died are taken over.
//
//   waiting --tick--> claiming --mine--> running --> finished --> waiting
//                        +--taken, skipped--> waiting
import type { CronJob } from "@tenon/model";
import { type Clock, clock, longestTimerMs, type Timer } from "../clock/clock.ts";
import { log } from "../log/log.ts";
import { type CronStore, staleAfterMs } from "./cron-store.ts";
import { createSchedule, type Schedule } from "./schedule.ts";

export interface JobRun {
  readonly traceId: string;
  readonly ok: boolean;
}

/** Runs a job's endpoint; never rejects. `tickAt`: null when somebody asked for it. */
export type RunJob = (job: CronJob, tickAt: number | null) => Promise<JobRun>;

const beatEveryMs = staleAfterMs / 3;
const insistEveryMs = 500;
const longestInsistenceMs = 10 * 60_000;
const lookForLostEveryMs = staleAfterMs / 2;

export class Scheduler {
  readonly #jobs: readonly { readonly job: CronJob; readonly schedule: Schedule }[];
  readonly #store: CronStore;
  readonly #run: RunJob;
  readonly #clock: Clock = clock();
  readonly #timers = new Map<string, Timer>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #pauses = new Set<() => void>();
  #isStopped = false;

  constructor(jobs: readonly CronJob[], store: CronStore, run: RunJob) {
    this.#jobs = jobs.map((job) => ({ job, schedule: createSchedule(job.schedule) }));
    this.#store = store;
    this.#run = run;
  }

  async start(): Promise<void> {
    await this.#store.prepare();
    const now = this.#clock.now();
    await Promise.all(this.#jobs.map(({ job, schedule }) => this.#settleMissed(job, schedule, now)));
    for (const { job, schedule } of this.#jobs) this.#await(job, schedule, now);
    this.#lookForLost();
  }

  /** In the place of `start` where another clock tells of ticks: `runTick`. */
  async prepare(): Promise<void> {
    await this.#store.prepare();
  }

  /**
   * Runs the last tick of a job that it `has` at that time, for a clock elsewhere, which may be late and may tell of a tick twice. Throws
   * what the store throws: nobody has the tick then.
   */
  async runTick(name: string, atMs: number): Promise<"ran" | "taken" | "skipped"> {
    const { job, schedule } = this.#jobs.find((known) => known.job.name === name)!;
    const tickAt = schedule.last(atMs, 0) ?? atMs;
    const outcome = await this.#store.claim({ job: name, tickAt, overlap: job.overlap });
    if (outcome === "skipped") log.warn(`cron ${name} was skipped: the run before it still goes on`);
    if (outcome !== "mine") return outcome;
    await this.#track(this.#runClaimed(job, tickAt));
    return "ran";
  }

  has(name: string): boolean {
    return this.#jobs.some(({ job }) => job.name === name);
  }

  /** Runs a job that it `has`, now, whatever its schedule says. */
  runNow(name: string): Promise<JobRun> {
    const { job } = this.#jobs.find((known) => known.job.name === name)!;
    return this.#track(this.#run(job, null));
  }

  /** Starts nothing any more, and resolves once what is under way has ended, after `timeoutMs` at the latest. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    for (const end of [...this.#pauses]) end();
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timeout);
    await this.#store.close();
  }

  #await(job: CronJob, schedule: Schedule, after: number): void {
    const tickAt = schedule.next(after);
    if (tickAt !== null) this.#awaitTick(job, schedule, tickAt);
  }

  #awaitTick(job: CronJob, schedule: Schedule, tickAt: number): void {
    if (this.#isStopped) return;
    const delayMs = tickAt - this.#clock.now();
    const timer = this.#clock.after(Math.min(delayMs, longestTimerMs), () => {
      // A timer may come a little early, and one that is far off comes in between.
      if (this.#clock.now() < tickAt) return this.#awaitTick(job, schedule, tickAt);
      this.#await(job, schedule, tickAt);
      void this.#track(this.#tick(job, schedule, tickAt));
    });
    this.#timers.set(job.name, timer);
  }

  async #tick(job: CronJob, schedule: Schedule, tickAt: number): Promise<void> {
    // A store that is away for a moment costs no run: until the next is due, or for long.
    const giveUpAt = Math.min(schedule.next(tickAt) ?? Number.POSITIVE_INFINITY, tickAt + longestInsistenceMs);
    try {
      const claim = { job: job.name, tickAt, overlap: job.overlap };
      const outcome = await this.#insist(giveUpAt, () => this.#store.claim(claim));
      if (outcome === "skipped") log.warn(`cron ${job.name} was skipped: the run before it still goes on`);
      if (outcome === "mine") await this.#runClaimed(job, tickAt);
    } catch (error) {
      log.error(error, `cron ${job.name}: the run due at ${new Date(tickAt).toISOString()} could not be written down`);
    }
  }

  async #runClaimed(job: CronJob, tickAt: number): Promise<void> {
    const beat = setInterval(() => {
      this.#store.beat(job.name, tickAt).catch((error) => log.warn(error, `cron ${job.name} could not be kept alive`));
    }, beatEveryMs);
    try {
      const { ok, traceId } = await this.#run(job, tickAt);
      // Otherwise it would count as lost and be run again.
      const giveUpAt = this.#clock.now() + longestInsistenceMs;
      await this.#insist(giveUpAt, () => this.#store.finish(job.name, tickAt, ok ? "ok" : "failed", traceId));
    } finally {
      clearInterval(beat);
    }
  }

  /** Tries again while the store fails and there is time. */
  async #insist<Result>(giveUpAt: number, write: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.#isStopped || this.#clock.now() + insistEveryMs >= giveUpAt) throw error;
      }
      await this.#pause(insistEveryMs);
    }
  }

  /** Ends early when the scheduler is stopped. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const timer = this.#clock.after(delayMs, end);
      this.#pauses.add(end);
    });
  }

  /** What nobody ran because nobody was there. */
  async #settleMissed(job: CronJob, schedule: Schedule, now: number): Promise<void> {
    const newest = await this.#store.newestTick(job.name);
    const missed = newest === null ? null : schedule.last(now, newest + 1);
    if (missed === null) return;
    log.warn(`cron ${job.name} missed at least the run due at ${new Date(missed).toISOString()}`);
    if (job.catchUp === "last") void this.#track(this.#tick(job, schedule, missed));
    else await this.#store.markMissed(job.name, missed);
  }

  #lookForLost(): void {
    if (this.#isStopped) return;
    const timer = this.#clock.after(lookForLostEveryMs, () => {
      void this.#track(this.#takeLost()).finally(() => this.#lookForLost());
    });
    this.#timers.set("", timer);
  }

  async #takeLost(): Promise<void> {
    try {
      const lost = await this.#store.takeLost(this.#jobs.map(({ job }) => job.name));
      for (const { job: name, tickAt } of lost) {
        const { job } = this.#jobs.find((known) => known.job.name === name)!;
        log.warn(`cron ${name}: the runner of ${new Date(tickAt).toISOString()} was lost; running it again`);
        void this.#track(this.#runClaimed(job, tickAt));
      }
    } catch (error) {
      log.warn(error, "cron jobs of lost runners could not be looked for");
    }
  }

  #track<Result>(running: Promise<Result>): Promise<Result> {
    const tracked = running.finally(() => this.#running.delete(tracked));
    tracked.catch(() => {});
    this.#running.add(tracked);
    return tracked;
  }
}
