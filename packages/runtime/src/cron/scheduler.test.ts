import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { CronJob } from "@tenon/model";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";
import { type JobRun, Scheduler } from "./scheduler.ts";

const midnight = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

function jobOf(parts: Partial<CronJob>): CronJob {
  return {
    name: "job",
    service: "users",
    endpoint: "sweep",
    schedule: { kind: "every", seconds: 60 },
    overlap: "skip",
    catchUp: "none",
    location: { file: "users/users.ts", line: 1, column: 1 },
    ...parts,
  };
}

function virtualTime(t: TestContext): VirtualClock {
  const clock = new VirtualClock(midnight);
  t.after(useClock(clock));
  return clock;
}

const done: JobRun = { traceId: "0".repeat(32), ok: true };

test("each tick runs once, at its time", async (t) => {
  const clock = virtualTime(t);
  const ticks: (number | null)[] = [];
  const run = async (_: CronJob, tickAt: number | null) => {
    ticks.push(tickAt);
    return done;
  };
  const scheduler = new Scheduler([jobOf({})], createMemoryStore(), run);
  await scheduler.start();
  await clock.advance(5 * minuteMs);
  assert.deepEqual(
    ticks,
    [1, 2, 3, 4, 5].map((minute) => midnight + minute * minuteMs),
  );
  await scheduler.runNow("job");
  assert.equal(ticks.at(-1), null);
  await scheduler.stop(0);
  await clock.advance(5 * minuteMs);
  assert.equal(ticks.length, 6);
});

test("a store that is away for a while costs neither the run nor its outcome; one that stays away only that run", async (t) => {
  const clock = virtualTime(t);
  const store = createMemoryStore();
  let awayUntil = midnight;
  let finished = 0;
  const whenThere = <Result>(write: () => Promise<Result>): Promise<Result> =>
    clock.now() < awayUntil ? Promise.reject(new Error("the store is away")) : write();
  const moody = Object.assign(Object.create(store) as typeof store, {
    claim: (claim: Parameters<typeof store.claim>[0]) => whenThere(() => store.claim(claim)),
    finish: (...args: Parameters<typeof store.finish>) =>
      whenThere(async () => {
        finished++;
        await store.finish(...args);
      }),
  });
  const ticks: (number | null)[] = [];
  const run = async (_: CronJob, tickAt: number | null) => {
    ticks.push(tickAt);
    // Away again, before the outcome is written down.
    awayUntil = clock.now() + 20_000;
    return done;
  };
  const scheduler = new Scheduler([jobOf({})], moody, run);
  // In the middle of insisting.
  t.after(() => scheduler.stop(60_000));
  await scheduler.start();
  awayUntil = midnight + 1.5 * minuteMs;
  await clock.advance(1.9 * minuteMs);
  assert.deepEqual(ticks, [midnight + minuteMs]);
  assert.equal(finished, 1);
  awayUntil = midnight + 4.5 * minuteMs;
  await clock.advance(3.2 * minuteMs);
  assert.deepEqual(
    ticks,
    [1, 4, 5].map((minute) => midnight + minute * minuteMs),
  );
});

test("two schedulers on one store share the ticks", async (t) => {
  const clock = virtualTime(t);
  const store = createMemoryStore();
  let count = 0;
  const run = async () => {
    count++;
    return done;
  };
  const schedulers = [1, 2].map(() => new Scheduler([jobOf({})], store, run));
  for (const scheduler of schedulers) await scheduler.start();
  await clock.advance(100 * minuteMs);
  assert.equal(count, 100);
  for (const scheduler of schedulers) await scheduler.stop(0);
});

test("a run that goes on too long makes the next one skip, or not", async (t) => {
  for (const [overlap, expected] of [
    ["skip", 1],
    ["allow", 3],
  ] as const) {
    const clock = virtualTime(t);
    let started = 0;
    let finish = () => {};
    const finished = new Promise<JobRun>((resolve) => {
      finish = () => resolve(done);
    });
    const run = () => {
      started++;
      return finished;
    };
    const scheduler = new Scheduler([jobOf({ overlap })], createMemoryStore(), run);
    await scheduler.start();
    await clock.advance(3 * minuteMs);
    assert.equal(started, expected);
    finish();
    await scheduler.stop(1000);
  }
});
