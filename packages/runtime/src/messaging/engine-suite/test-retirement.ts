// What becomes of subscriptions that a process does not know: those of other versions go on, those that nobody has any more end.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Broker } from "../broker.ts";
import { sightEveryMs } from "../engine/stay-seen.ts";
import { messageOf, type Place, type Places, subscriptionOf, until } from "./places.ts";

const skip = "the engine does not say how nobody has seen a subscription";

export function testRetirement(places: Places): void {
  const retiring = { skip: places.canUnsee ? false : skip };

  describe("a subscription that the code has not", () => {
    it("goes on while two versions run side by side, whichever started last", async (t) => {
      const place = await places.open(t);
      const [mail, audit] = [subscriptionOf(), subscriptionOf({ name: "audit" })];
      const earlier = await place.broker(mail);
      const later = await place.broker(mail, audit);
      // A replica of the version before starts again.
      const again = await place.broker(mail);
      let n = 0;
      for (const broker of [again, later, earlier]) await broker.publish("orders", [messageOf(++n)]);
      assert.equal(await place.backlog("audit"), 3);
      const seen = place.consume(later, audit);
      await seen.until(3);
      assert.deepEqual(new Set(seen.numbers), new Set([1, 2, 3]));
    });

    it("gets no more once nobody has had it for long, and keeps what it has until it is back", retiring, async (t) => {
      const place = await places.open(t);
      const [old, renamed] = [subscriptionOf({ name: "old" }), subscriptionOf({ name: "new" })];
      await (await place.broker(old)).publish("orders", [messageOf(1)]);
      await (await place.broker(renamed)).publish("orders", [messageOf(2)]);
      assert.equal(await place.backlog("old"), 2);
      await place.unsee("old");
      await (await place.broker(renamed)).publish("orders", [messageOf(3)]);
      assert.equal(await place.backlog("old"), 2);
      assert.equal(await place.backlog("new"), 2);
      const back = await place.broker(old);
      await back.publish("orders", [messageOf(4)]);
      const seen = place.consume(back, old);
      await seen.until(3);
      await place.untilEmpty("old");
      assert.deepEqual(new Set(seen.numbers), new Set([1, 2, 4]));
    });

    it("ends without another start, and not while a process runs that has it", retiring, async (t) => {
      const place = await places.open(t);
      await place.broker(subscriptionOf({ name: "old" }));
      const passTime = timeOfSightings(t);
      const current = await place.broker(subscriptionOf({ name: "new" }));
      await place.broker(subscriptionOf({ name: "kept" }));
      await place.unsee("old");
      passTime();
      await until("old gets no more", async () => !(await isReached(place, current, "old")));

      await place.unsee("kept");
      const started = await place.broker(subscriptionOf({ name: "new" }));
      assert.equal(await isReached(place, started, "kept"), false);
      passTime();
      await until("kept is back", () => isReached(place, started, "kept"));
      assert.equal(await isReached(place, started, "old"), false);
    });
  });
}

/** Sightings of the brokers that are made from now on are due with each call. */
function timeOfSightings(t: TestContext): () => void {
  const start = globalThis.setInterval;
  const due: (() => void)[] = [];
  t.mock.method(globalThis, "setInterval", (callback: () => void, ms: number) => {
    if (ms === sightEveryMs) due.push(callback);
    return start(callback, ms);
  });
  return () => {
    for (const callback of due) callback();
  };
}

let published = 1_000;

async function isReached(place: Place, broker: Broker, subscription: string): Promise<boolean> {
  const before = await place.backlog(subscription);
  await broker.publish("orders", [messageOf(++published)]);
  return (await place.backlog(subscription)) > before;
}
