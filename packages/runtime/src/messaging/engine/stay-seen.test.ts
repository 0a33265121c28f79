// When a process may retire what others have, and when it must wait for them.
import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { unseenMs } from "../broker.ts";
import { type Sighting, StaySeen, sightEveryMs } from "./stay-seen.ts";

/** A clock of our own; `pass` lets the time between two sightings go by. */
function clock(t: TestContext): { pass(ms: number): Promise<void> } {
  let now = Date.now();
  let due: () => void = () => {};
  t.mock.method(Date, "now", () => now);
  t.mock.method(globalThis, "setInterval", (callback: () => void, ms: number) => {
    assert.equal(ms, sightEveryMs);
    due = callback;
    return { unref: () => undefined };
  });
  return {
    async pass(ms) {
      now += ms;
      due();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it("a process that was away lets the others be seen first", async (t) => {
  const time = clock(t);
  const said: Sighting["retireAfterMs"][] = [];
  let isDown = false;
  const staySeen = new StaySeen(async ({ retireAfterMs }) => {
    if (isDown) throw new Error("connect ECONNREFUSED");
    said.push(retireAfterMs);
  });
  staySeen.declared();
  await time.pass(sightEveryMs);
  // The machine slept.
  await time.pass(2 * unseenMs);
  await time.pass(sightEveryMs);
  assert.deepEqual(said, [unseenMs, null, unseenMs]);

  isDown = true;
  for (let round = 0; round < 3; round++) await time.pass(sightEveryMs);
  isDown = false;
  await time.pass(sightEveryMs);
  await time.pass(sightEveryMs);
  assert.deepEqual(said.slice(3), [null, unseenMs]);
});
