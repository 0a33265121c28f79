// Time that a test moves: timers of the framework come due, and cron jobs run, when the test says so.
import { useClock } from "../clock/clock.ts";
import { letPromisesRun, VirtualClock } from "../clock/virtual-clock.ts";
import { createMemoryStore } from "../cron/memory-store.ts";
import { runJob } from "../cron/run-job.ts";
import { type JobRun, Scheduler } from "../cron/scheduler.ts";
import { currentTestHost, type TestHost } from "./test-host.ts";

export interface TestClock extends AsyncDisposable {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves on by that much. Every timer and cron job that comes due on the way runs, and is waited for, at its time. */
  advance(durationMs: number): Promise<void>;
  /** Puts the real clock back; also done at the end of the test file. */
  restore(): Promise<void>;
}

/**
 * From here on the framework's clock stands still at `startAt` (default: now) until it is advanced. The cron jobs of the app are
 * started on it. `Date` and timers of the app's own code stay real: the test runner has fakes for these.
 */
export async function useTestClock(startAt: Date | number = Date.now()): Promise<TestClock> {
  const host = currentTestHost();
  const running = new Set<Promise<JobRun>>();
  const clock = new VirtualClock(Number(startAt), async () => {
    await letPromisesRun();
    await Promise.all(running);
    // What the scheduler writes down of a run that has ended.
    await letPromisesRun();
  });
  const putBack = useClock(clock);
  const scheduler = await startJobs(host, running);
  let restoring: Promise<void> | undefined;
  const restore = () => {
    putBack();
    restoring ??= scheduler.stop(0);
    return restoring;
  };
  host.restores.push(restore);
  return {
    now: () => clock.now(),
    advance: (durationMs) => clock.advance(durationMs),
    restore,
    [Symbol.asyncDispose]: restore,
  };
}

async function startJobs(host: TestHost, running: Set<Promise<JobRun>>): Promise<Scheduler> {
  const jobs = host.topology.graph.cronJobs ?? [];
  const scheduler = new Scheduler(jobs, createMemoryStore(), (job, tickAt) => {
    const run = host
      .loadService(job.service)
      .then(() => runJob(host.hosted.get(`${job.service}.${job.endpoint}`)!, job, tickAt))
      .finally(() => running.delete(run));
    running.add(run);
    return run;
  });
  await scheduler.start();
  return scheduler;
}
