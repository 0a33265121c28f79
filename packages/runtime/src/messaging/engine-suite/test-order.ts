// What order by key promises: one after the other among all processes, in the order of publishing, and each key for itself.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ascending,
  engineCannot,
  Gate,
  handled,
  messageOf,
  messagesOf,
  numberOf,
  type Places,
  subscriptionOf,
  until,
} from "./places.ts";

export function testOrder(places: Places): void {
  const ordered = subscriptionOf({ isOrdered: true });
  if (places.cannot("order")) {
    it("a topic with an order is refused", async (t) => {
      const place = await places.open(t);
      await assert.rejects(place.broker(ordered), engineCannot);
    });
    return;
  }
  describe("order", { concurrency: 4 }, () => {
    it("holds for each key among several processes, through failures", async (t) => {
      const place = await places.open(t);
      const brokers = await Promise.all([place.broker(ordered), place.broker(ordered)]);
      const keys = ["a", "b", "c", "d", "e", "", "ü"];
      const done = new Map<string, number[]>(keys.map((key) => [key, []]));
      const underWay = new Map<string, number>();
      for (const broker of brokers) {
        place.consume(broker, ordered, async (delivery) => {
          const key = delivery.orderingKey ?? "";
          const inTheWay = underWay.get(key);
          assert.equal(inTheWay, undefined, `${numberOf(delivery)} runs beside ${inTheWay}`);
          underWay.set(key, numberOf(delivery));
          await new Promise((resolve) => setTimeout(resolve, 1));
          underWay.delete(key);
          if (delivery.attempt === 1 && numberOf(delivery) % 7 === 0) return { kind: "failed", reason: "once" };
          done.get(key)!.push(numberOf(delivery));
          return handled;
        });
      }
      for (let from = 0; from < 350; from += 35) {
        const part = Array.from({ length: 35 }, (_, index) =>
          messageOf(from + index, keys[(from + index) % keys.length]!),
        );
        await brokers[(from / 35) % 2]!.publish("orders", part);
      }
      await until("all", () => [...done.values()].flat().length === 350);
      await place.untilEmpty();
      for (const numbers of done.values()) assert.deepEqual(numbers, ascending(numbers));
    });

    it("a message that waits for its next attempt holds back those of its key and no others", async (t) => {
      const place = await places.open(t);
      const patient = { ...ordered, retryPolicy: { minBackoffMs: 200, maxBackoffMs: 200, maxRetries: 1_000 } };
      const broker = await place.broker(patient);
      let isIll = true;
      const seen = place.consume(broker, patient, ({ orderingKey }) =>
        orderingKey === "ill" && isIll ? { kind: "failed", reason: "not yet" } : handled,
      );
      const ill = () => seen.numbers.filter((n) => n < 100);
      await broker.publish("orders", [messageOf(1, "ill"), messageOf(2, "ill"), messageOf(3, "ill")]);
      // More keys than any engine has lanes, so that some share one with the ill one.
      await broker.publish(
        "orders",
        Array.from({ length: 100 }, (_, n) => messageOf(100 + n, `well ${n}`)),
      );
      await until("the others", () => seen.numbers.filter((n) => n >= 100).length === 100);
      await until("another attempt", () => ill().length > 1);
      assert.deepEqual(new Set(ill()), new Set([1]));
      isIll = false;
      await place.untilEmpty();
      const firsts = [...new Set(ill())];
      assert.deepEqual(firsts, [1, 2, 3]);
      assert.deepEqual(ill().slice(-3), [1, 2, 3]);
    });

    it("a dead letter lets those of its key follow", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(ordered);
      const seen = place.consume(broker, ordered, (delivery) =>
        numberOf(delivery) === 0 ? { kind: "failed", reason: "always" } : handled,
      );
      await broker.publish("orders", messagesOf(4, "k"));
      await place.untilEmpty();
      assert.deepEqual(seen.numbers, [0, 0, 0, 1, 2, 3]);
    });

    it("keys do not wait for each other", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(ordered);
      const gate = new Gate();
      const seen = place.consume(broker, ordered, ({ orderingKey }) =>
        orderingKey === "slow" ? gate.outcome : handled,
      );
      // Lanes may be shared: some of so many keys have one of their own.
      await broker.publish("orders", [
        messageOf(1, "slow"),
        ...Array.from({ length: 40 }, (_, n) => messageOf(10 + n, `k${n}`)),
      ]);
      await until("others", () => seen.numbers.filter((n) => n >= 10).length >= 20);
      gate.open();
      await seen.until(41);
    });

    it("given to a topic, keeps what waits, and so does taking it away, or is refused", async (t) => {
      const place = await places.open(t);
      const before = await place.broker(subscriptionOf());
      if (places.cannot("order-changes")) {
        await assert.rejects(place.broker(ordered), engineCannot);
        return;
      }
      await before.publish("orders", messagesOf(5, "k"));
      const broker = await place.broker(ordered);
      const failing = place.consume(broker, ordered, (delivery) =>
        numberOf(delivery) < 2 ? handled : { kind: "failed", reason: "not now" },
      );
      await failing.until(3);
      await failing.stop();
      assert.deepEqual(failing.numbers.slice(0, 3), [0, 1, 2]);
      const after = await place.broker(subscriptionOf());
      const seen = place.consume(after, subscriptionOf());
      await place.untilEmpty();
      const found = [...seen.numbers, ...(await place.deadLetters()).map(({ n }) => n)];
      assert.deepEqual(ascending(new Set(found)), [2, 3, 4]);
    });
  });
}
