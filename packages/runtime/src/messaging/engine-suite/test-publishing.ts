// What `declare` and `publish` promise.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ascending,
  engineCannot,
  handled,
  messageOf,
  messagesOf,
  type Places,
  subscriptionOf,
  traceparent,
  until,
} from "./places.ts";

export function testPublishing(places: Places): void {
  describe("publishing", { concurrency: 4 }, () => {
    it("reaches every subscription with all that belongs to the message", async (t) => {
      const place = await places.open(t);
      const [mail, stock] = [subscriptionOf(), subscriptionOf({ name: "stock" })];
      const broker = await place.broker(mail, stock);
      const payload = JSON.stringify({ n: 1, text: 'späte "Grüße"\n\u2028 🎁', list: [] });
      const attributes = { region: "eu/süd", empty: "" };
      const before = Date.now();
      await broker.publish("orders", [messageOf(1, null, { payload, attributes })]);
      for (const subscription of [mail, stock]) {
        const seen = place.consume(broker, subscription);
        await seen.until(1);
        const { publishedAt, signal, extend, ...rest } = seen.deliveries[0]!;
        assert.deepEqual(rest, {
          id: messageOf(1).id,
          payload,
          attributes,
          orderingKey: null,
          traceparent,
          deliverAt: null,
          mayBeRepeat: false,
          attempt: 1,
          replayTraceparent: null,
        });
        // A server's clock may differ, but not by an hour.
        assert.ok(Math.abs(publishedAt.getTime() - before) < 3_600_000);
        assert.equal(signal.aborted, false);
        assert.equal(typeof extend, "function");
      }
    });

    it("of many at once reaches all, large ones too or is refused", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(subscriptionOf());
      const large = messageOf(1_000, null, { payload: JSON.stringify({ n: 1_000, text: "x".repeat(500_000) }) });
      const isRefused = places.cannot("large-messages");
      if (isRefused) await assert.rejects(broker.publish("orders", [messageOf(0), large]), engineCannot);
      const sent = isRefused ? messagesOf(1_000) : [...messagesOf(1_000), large];
      await broker.publish("orders", sent);
      assert.equal(await place.backlog(), sent.length);
      const seen = place.consume(broker, subscriptionOf({ maxConcurrency: 100 }));
      await seen.until(sent.length);
      await place.untilEmpty();
      assert.deepEqual(ascending(seen.numbers), [...Array(sent.length).keys()]);
    });

    it("reaches nobody where there is no subscription, nor any that is declared later", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker();
      await broker.publish("orders", [messageOf(1)]);
      const later = await place.broker(subscriptionOf());
      // From a process that was there before the subscription.
      await broker.publish("orders", [messageOf(2)]);
      const seen = place.consume(later, subscriptionOf());
      await seen.until(1);
      await place.untilEmpty();
      assert.deepEqual(seen.numbers, [2]);
    });

    it("twice, said to be so, reaches nobody twice, or is refused", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(subscriptionOf());
      const other = await place.broker(subscriptionOf());
      const repeat = messageOf(1, null, { mayBeRepeat: true });
      if (places.cannot("repeats")) {
        await assert.rejects(broker.publish("orders", [messageOf(2), repeat]), engineCannot);
        assert.equal(await place.backlog(), 0);
        return;
      }
      await broker.publish("orders", [repeat]);
      await other.publish("orders", [repeat, messageOf(2, null, { mayBeRepeat: true })]);
      assert.equal(await place.backlog(), 2);
      const seen = place.consume(broker, subscriptionOf());
      await seen.until(2);
      await place.untilEmpty();
      // It has been handled, and is known all the same.
      await broker.publish("orders", [repeat, repeat]);
      assert.equal(await place.backlog(), 0);
      assert.deepEqual(ascending(seen.numbers), [1, 2]);
    });

    it("gives a subscription with a filter only what it lets through", async (t) => {
      const place = await places.open(t);
      const eu = subscriptionOf({ filter: { region: ["eu", "uk"], kind: ["a"] } });
      const broker = await place.broker(eu);
      const attributes = [
        { region: "eu", kind: "a" },
        { region: "us", kind: "a" },
        { region: "uk", kind: "b" },
        { region: "eu" },
        { region: "uk", kind: "a", more: "x" },
      ];
      await broker.publish(
        "orders",
        attributes.map((one, n) => messageOf(n, null, { attributes: one as Record<string, string> })),
      );
      const seen = place.consume(broker, eu);
      await seen.until(2);
      await place.untilEmpty();
      assert.deepEqual(ascending(seen.numbers), [0, 4]);
    });

    it("for later gives a message to nobody before its time, and others meanwhile, or is refused", async (t) => {
      const place = await places.open(t);
      const broker = await place.broker(subscriptionOf());
      const deliverAt = new Date(Date.now() + 4_000);
      if (places.cannot("delays")) {
        await assert.rejects(broker.publish("orders", [messageOf(2), messageOf(1, null, { deliverAt })]), engineCannot);
        assert.equal(await place.backlog(), 0);
        return;
      }
      const seenAt: number[] = [];
      const seen = place.consume(broker, subscriptionOf(), () => {
        seenAt.push(Date.now());
        return handled;
      });
      await broker.publish("orders", [messageOf(1, null, { deliverAt }), messageOf(2)]);
      // Handlers end before their outcome is written down.
      await until("the later one alone is left", async () => (await place.backlog()) === 1);
      await seen.until(2);
      assert.deepEqual(seen.numbers, [2, 1]);
      assert.deepEqual(seen.attemptsOf(1), [1]);
      assert.ok(seenAt[1]! >= deliverAt.getTime() - clockToleranceMs);
      await place.untilEmpty();
    });

    it("to a topic that is to be handled exactly once is possible, or refused", async (t) => {
      const place = await places.open(t);
      const topic = {
        name: "orders",
        isOrdered: false,
        deliveryGuarantee: "exactly-once",
        subscriptions: [subscriptionOf()],
      } as const;
      if (places.cannot("exactly-once")) {
        await assert.rejects(place.brokerOf(topic), engineCannot);
        return;
      }
      const broker = await place.brokerOf(topic);
      await broker.publish("orders", [messageOf(1)]);
      const seen = place.consume(broker, subscriptionOf());
      await place.untilEmpty();
      assert.deepEqual(seen.numbers, [1]);
    });

    it("by handlers themselves waits for none of them", async (t) => {
      const place = await places.open(t);
      const subscription = subscriptionOf({ maxConcurrency: 50 });
      const broker = await place.broker(subscription);
      const seen = place.consume(broker, subscription, async (delivery) => {
        const n = Number((JSON.parse(delivery.payload) as { n: number }).n);
        if (n < 1_000) await broker.publish("orders", [messageOf(n + 1_000)]);
        return handled;
      });
      await broker.publish("orders", messagesOf(150));
      await seen.until(300);
      await place.untilEmpty();
      assert.equal(new Set(seen.numbers).size, 300);
    });
  });
}

/** Servers count in whole milliseconds, by clocks of their own. */
const clockToleranceMs = 50;
