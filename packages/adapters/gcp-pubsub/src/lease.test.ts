// A message is ours for as long as we said, however long the service would leave it to us, and no longer than the service does.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { AckWriter } from "./ack-writer.ts";
import { Lease } from "./lease.ts";

function bench(): { readonly lease: Lease; readonly calls: string[] } {
  const calls: string[] = [];
  const writer = {
    acknowledge: async () => void calls.push("acknowledge"),
    setDeadline: async (_ackId: string, seconds: number) => void calls.push(`deadline ${seconds}`),
  } as unknown as AckWriter;
  return { lease: new Lease(writer, "a"), calls };
}

/** Timers go off when the test says so. */
function holdTimers(t: TestContext): (() => void)[] {
  const due: (() => void)[] = [];
  t.mock.method(globalThis, "setTimeout", (callback: () => void) => {
    due.push(callback);
    return { unref: () => undefined };
  });
  return due;
}

test("once its time is over nothing is said of the message any more", async () => {
  const { lease, calls } = bench();
  await lease.begin(20);
  await pause(40);
  const answers = [await lease.acknowledge(), await lease.extend(1_000), await lease.giveBack()];
  assert.deepEqual(answers, [false, false, false]);
  assert.deepEqual(calls, ["deadline 1"]);
});

test("the service is told when it is over, once", async () => {
  const { lease, calls } = bench();
  await lease.begin(20_000);
  lease.expire();
  lease.expire();
  assert.equal(await lease.acknowledge(), false);
  assert.deepEqual(calls, ["deadline 20", "deadline 0"]);
});

test("a long one is asked for by the minute, until something is said of the message", async (t) => {
  const { lease, calls } = bench();
  const due = holdTimers(t);
  await lease.begin(3_600_000);
  due.shift()!();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(due.length, 1);
  assert.equal(await lease.giveBack(1_000_000), true);
  due.shift()!();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(calls, ["deadline 60", "deadline 60", "deadline 600"]);
});

test("what is granted for longer need not be asked for", async () => {
  const { lease, calls } = bench();
  await lease.begin(30_000);
  assert.equal(await lease.extend(10_000), true);
  assert.equal(await lease.extend(50_000), true);
  assert.deepEqual(calls, ["deadline 30", "deadline 50"]);
});
