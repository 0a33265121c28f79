// A message that nobody settles is kept no longer than it was asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "./keeper.ts";
import type { Taken } from "./taken.ts";

test("one whose outcome could not be written is left alone when its time is over", (t) => {
  let [now, touches] = [0, 0];
  t.mock.method(performance, "now", () => now);
  let tick: (() => void) | undefined;
  const timer = {};
  t.mock.method(globalThis, "setInterval", (callback: () => void) => {
    tick = callback;
    return timer;
  });
  t.mock.method(globalThis, "clearInterval", (cleared: unknown) => {
    if (cleared === timer) tick = undefined;
  });
  const taken = { deliveredAt: 0, isReachable: true, touch: () => touches++ } as unknown as Taken;
  const keeper = new Keeper(taken, "orders/mail", { leaseMs: 1_000, msgTimeoutMs: 3_000, longestMs: 900_000 });
  assert.equal(keeper.extend(2_000), true);
  now = 1_000;
  tick!();
  now = 2_001;
  tick!();
  assert.equal(touches, 2);
  assert.equal(tick, undefined);
});
