// When a pump looks for work again.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { ConsumerParts } from "./consumer-parts.ts";
import { subscriptionOf } from "./broker.test.support.ts";
import { Pump, type Work } from "./pump.ts";

/** Parts that find nothing falling due: without a reason the pump sleeps its longest. */
function quietParts(): ConsumerParts {
  const connections = { run: async () => [{ wait_ms: null }] };
  const wakeUps = { add: () => {}, remove: () => {} };
  const parts = { id: 1, subscription: subscriptionOf(), connections, wakeUps, settler: { backlog: 0 } };
  // Only what a pump asks of them.
  return parts as unknown as ConsumerParts;
}

test("work that ends while more is looked for makes it look again", { timeout: 60_000 }, async () => {
  const events = new EventEmitter();
  const work: Work = { run: () => once(events, "looking"), giveBack: () => {} };
  let taken = 0;
  const pump = new Pump(quietParts(), {
    capacity: 2,
    takesAhead: () => false,
    nextDueSql: "",
    unblocksOthers: true,
    async take() {
      taken++;
      if (taken === 1) return [work];
      if (taken === 2) {
        events.emit("looking");
        // The pump has been told by then that the work is done.
        await setImmediate();
      } else events.emit("looking again");
      return [];
    },
  });
  await once(events, "looking again");
  await pump.stop(0);
  assert.equal(pump.isStopped, true);
});
