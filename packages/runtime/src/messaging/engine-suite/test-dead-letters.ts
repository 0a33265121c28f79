// What TopicControl promises: dead letters are counted, listed in pages, put back once and at a rate, and thrown away.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Burial } from "../broker.ts";
import {
  ascending,
  handled,
  messageOf,
  numberOf,
  type Place,
  type Places,
  type Seen,
  subscriptionOf,
  traceparent,
  until,
} from "./places.ts";

const replayTrace = "00-11111111111111111111111111111111-2222222222222222-01";

interface Failed {
  readonly place: Place;
  readonly seen: Seen;
  /** From now on everything is handled. */
  mend(): void;
}

async function deadLetters(places: Places, t: TestContext, count: number, isOrdered = false): Promise<Failed> {
  const place = await places.open(t);
  const subscription = subscriptionOf({ isOrdered, retryPolicy: { minBackoffMs: 1, maxBackoffMs: 1, maxRetries: 0 } });
  const broker = await place.broker(subscription);
  let isBroken = true;
  const seen = place.consume(broker, subscription, () =>
    isBroken ? { kind: "failed", reason: "Error: not today" } : handled,
  );
  // One by one, so that they die in order.
  for (let n = 1; n <= count; n++) {
    await broker.publish("orders", [messageOf(n, isOrdered ? `key ${n % 3}` : null, { attributes: { n: String(n) } })]);
    await until(`dead letter ${n}`, async () => {
      const [state] = await place.control.states();
      // An engine may write the letter before it takes the message away.
      return state!.deadLetters === n && state!.backlog === 0;
    });
  }
  seen.deliveries.length = 0;
  return {
    place,
    seen,
    mend: () => {
      isBroken = false;
    },
  };
}

export function testDeadLetters(places: Places): void {
  describe("dead letters", { concurrency: 4 }, () => {
    it("are told of once, also by a handler that took its time and is told slowly", async (t) => {
      const place = await places.open(t);
      const subscription = subscriptionOf({
        ackDeadlineMs: 2_000,
        retryPolicy: { minBackoffMs: 1, maxBackoffMs: 1, maxRetries: 0 },
      });
      const broker = await place.broker(subscription);
      const seen = place.consume(broker, subscription, async () => {
        await pause(1_500);
        return { kind: "failed", reason: "Error: not today" };
      });
      // Together longer than the time of one of them, and of any lease for it.
      t.mock.method(seen, "bury", async (burial: Burial) => {
        seen.burials.push(burial);
        await pause(1_900);
      });
      // Wakes the consumer when somebody could take the first one again.
      setTimeout(() => void broker.publish("orders", [messageOf(2)]), 2_500).unref();
      await broker.publish("orders", [messageOf(1)]);
      await until("both are dead letters", async () => (await place.control.states())[0]!.deadLetters === 2);
      assert.deepEqual(ascending(seen.burials.map(({ message }) => numberOf(message))), [1, 2]);
    });

    for (const isOrdered of places.orders) {
      it(`${isOrdered ? "with" : "without"} order are listed in pages and replayed`, async (t) => {
        const { place, seen, mend } = await deadLetters(places, t, 5, isOrdered);
        const { control } = place;
        assert.deepEqual(await control.states(), [
          { topic: "orders", subscription: "mail", backlog: 0, oldestAgeMs: null, deadLetters: 5 },
        ]);
        const first = await control.deadLetters("orders", "mail", { limit: 2 });
        const { publishedAt, diedAt, position, ...rest } = first[0]!;
        assert.deepEqual(rest, {
          messageId: messageOf(1).id,
          message: { n: 1 },
          attributes: { n: "1" },
          orderingKey: isOrdered ? "key 1" : null,
          reason: "Error: not today",
          attempts: 1,
          traceId: traceparent.split("-")[1],
        });
        assert.ok(Date.parse(publishedAt) <= Date.parse(diedAt) && position !== "");
        const second = await control.deadLetters("orders", "mail", { limit: 2, after: first[1]!.position });
        const third = await control.deadLetters("orders", "mail", { limit: 2, after: second[1]!.position });
        const ids = [...first, ...second, ...third].map(({ messageId }) => messageId);
        assert.deepEqual(
          ids,
          [1, 2, 3, 4, 5].map((n) => messageOf(n).id),
        );

        mend();
        const one = { messageIds: [messageOf(2).id, "no-such-id"], traceparent: replayTrace };
        assert.equal(await control.replay("orders", "mail", one), 1);
        await seen.until(1);
        assert.equal(seen.deliveries[0]!.replayTraceparent, replayTrace);
        assert.equal(seen.deliveries[0]!.traceparent, traceparent);
        assert.equal(await control.replay("orders", "mail", { limit: 2 }), 2);
        await seen.until(3);
        assert.deepEqual(ascending(seen.numbers), [1, 2, 3]);
        assert.equal(await control.replay("orders", "mail", {}), 2);
        await seen.until(5);
        assert.deepEqual(ascending(seen.numbers), [1, 2, 3, 4, 5]);
        assert.deepEqual(new Set(seen.deliveries.map(({ attempt }) => attempt)), new Set([1]));
        assert.equal(await control.replay("orders", "mail", {}), 0);
        await place.untilEmpty();
        assert.deepEqual(await control.deadLetters("orders", "mail", { limit: 10 }), []);
      });
    }

    it("can die again, and be replayed again", async (t) => {
      const { place, seen, mend } = await deadLetters(places, t, 1);
      for (let round = 0; round < 2; round++) {
        assert.equal(await place.control.replay("orders", "mail", {}), 1);
        await until("it died again", async () => (await place.deadLetters()).length === 1);
        await seen.until(round + 1);
      }
      mend();
      assert.equal(await place.control.replay("orders", "mail", { messageIds: [messageOf(1).id] }), 1);
      await seen.until(3);
      await place.untilEmpty();
    });

    it("fall due at the rate that is asked for", async (t) => {
      const { place, seen, mend } = await deadLetters(places, t, 4);
      mend();
      const startedAt = Date.now();
      assert.equal(await place.control.replay("orders", "mail", { perSecond: 4 }), 4);
      assert.deepEqual(await place.deadLetters(), []);
      await seen.until(4);
      // The first at once, the fourth after three quarters of a second.
      assert.ok(Date.now() - startedAt >= 700);
      await place.untilEmpty();
    });

    it("are thrown away when they are to be", async (t) => {
      const { place } = await deadLetters(places, t, 3);
      const ids = [messageOf(1).id, messageOf(3).id, "no-such-id"];
      assert.equal(await place.control.discard("orders", "mail", ids), 2);
      assert.equal(await place.control.discard("orders", "mail", ids), 0);
      assert.deepEqual(
        (await place.deadLetters()).map(({ n }) => n),
        [2],
      );
      assert.equal(await place.control.replay("orders", "mail", { messageIds: ids }), 0);
    });

    it("and what waits are told apart", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(subscriptionOf(), subscriptionOf({ name: "stock" }));
      await broker.publish("orders", [messageOf(1), messageOf(2)]);
      const stock = subscriptionOf({ name: "stock" });
      place.consume(broker, stock, (delivery) =>
        numberOf(delivery) === 1 ? { kind: "refused", reason: "never" } : handled,
      );
      await until("the dead letter", async () => (await place.control.states())[1]!.deadLetters === 1);
      await place.untilEmpty("stock");
      const [mail, other] = await place.control.states();
      assert.ok(mail!.oldestAgeMs! >= 0);
      assert.deepEqual(
        [mail, other].map((state) => [state!.subscription, state!.backlog, state!.deadLetters]),
        [
          ["mail", 2, 0],
          ["stock", 0, 1],
        ],
      );
      assert.equal(other!.oldestAgeMs, null);
    });
  });
}
