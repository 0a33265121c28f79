// What a consumer promises, with and without an order: leases, retries, dead letters, retention, stopping.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LeaseLost } from "../errors.ts";
import { Gate, handled, messageOf, type Places, type Seen, subscriptionOf, until } from "./places.ts";

export function testDelivery(places: Places): void {
  for (const isOrdered of places.orders) {
    const subscription = subscriptionOf({ isOrdered });
    describe(`delivering ${isOrdered ? "in order" : "without order"}`, { concurrency: 4 }, () => {
      it("a handler slower than its lease acknowledges nothing that is somebody else's", async (t) => {
        const place = await places.open(t);
        const slow = await place.broker(subscription);
        const other = await place.broker(subscription);
        const [late, second] = [new Gate(), new Gate()];
        const wasOver: boolean[] = [];
        const slowSeen = place.consume(slow, { ...subscription, ackDeadlineMs: 50 }, ({ signal }) => {
          wasOver.push(signal.aborted);
          return late.outcome;
        });
        await slow.publish("orders", [messageOf(1, "k")]);
        await slowSeen.until(1);
        assert.deepEqual(wasOver, [false]);
        const stopping = slowSeen.stop();
        const otherSeen = place.consume(other, subscription, () => second.outcome);
        await otherSeen.until(1);
        assert.equal(slowSeen.deliveries[0]!.signal.aborted, true);
        await assert.rejects(slowSeen.deliveries[0]!.extend(1_000), LeaseLost);
        late.open();
        await stopping;
        assert.deepEqual([...slowSeen.attemptsOf(1), ...otherSeen.attemptsOf(1)], [1, 2]);
        assert.equal(await place.backlog(), 1);
        second.open();
        await place.untilEmpty();
      });

      it("a handler that asks for more time keeps its message", async (t) => {
        const place = await places.open(t);
        const broker = await place.broker({ ...subscription, ackDeadlineMs: 1_500 });
        const other = await place.broker({ ...subscription, ackDeadlineMs: 1_500 });
        const seen: Seen = place.consume(broker, { ...subscription, ackDeadlineMs: 1_500 }, async (delivery) => {
          await delivery.extend(30_000);
          // Longer than the first lease and its margins.
          await new Promise((resolve) => setTimeout(resolve, 5_000));
          assert.equal(delivery.signal.aborted, false);
          return handled;
        });
        await broker.publish("orders", [messageOf(1, "k")]);
        await seen.until(1);
        const otherSeen = place.consume(other, { ...subscription, ackDeadlineMs: 1_500 });
        await place.untilEmpty();
        assert.deepEqual([seen.attemptsOf(1), otherSeen.attemptsOf(1)], [[1], []]);
      });

      it("what fails comes again, not before its backoff, and then goes to the dead letters; others go on", async (t) => {
        const place = await places.open(t);
        const policy = { minBackoffMs: 200, maxBackoffMs: 10_000, maxRetries: 2 };
        const patient = { ...subscription, retryPolicy: policy };
        const broker = await place.broker(patient);
        const times: number[] = [];
        const seen: Seen = place.consume(broker, patient, (delivery) => {
          if (delivery.id !== messageOf(1).id) return handled;
          times.push(Date.now());
          return { kind: "failed", reason: `attempt ${delivery.attempt}` };
        });
        await broker.publish("orders", [messageOf(1, "k"), messageOf(2, "k"), messageOf(3, "other")]);
        await until("the dead letter", async () => (await place.deadLetters()).length === 1);
        assert.deepEqual(await place.deadLetters(), [{ n: 1, attempts: 3, reason: "attempt 3" }]);
        await place.untilEmpty();
        assert.deepEqual(seen.attemptsOf(1), [1, 2, 3]);
        assert.deepEqual([seen.attemptsOf(2), seen.attemptsOf(3)], [[1], [1]]);
        // Backoffs are spread downwards by a fifth; 30 ms for clocks.
        assert.ok(times[1]! - times[0]! >= 130 && times[2]! - times[1]! >= 290, JSON.stringify(times));
        const [burial] = seen.burials;
        assert.equal(burial?.message.id, messageOf(1).id);
        assert.deepEqual([burial?.attempts, burial?.reason], [3, "attempt 3"]);
      });

      it("what can never succeed is not tried again", async (t) => {
        const place = await places.open(t);
        const broker = await place.broker(subscription);
        const seen = place.consume(broker, subscription, () => ({ kind: "refused", reason: "not of its type" }));
        await broker.publish("orders", [messageOf(1, "k")]);
        await until("the dead letter", async () => (await place.deadLetters()).length === 1);
        assert.deepEqual(await place.deadLetters(), [{ n: 1, attempts: 1, reason: "not of its type" }]);
        assert.deepEqual([seen.attemptsOf(1), seen.burials.length], [[1], 1]);
        await place.untilEmpty();
      });

      it("a message that waited longer than its retention is a dead letter, unhandled", async (t) => {
        const place = await places.open(t);
        const brief = { ...subscription, messageRetentionMs: 100 };
        const broker = await place.broker(brief);
        await broker.publish("orders", [messageOf(1, "k")]);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const seen = place.consume(broker, brief);
        await until("the dead letter", async () => (await place.deadLetters()).length === 1);
        const [letter] = await place.deadLetters();
        assert.equal(letter!.reason, "it has waited longer than messageRetention");
        assert.deepEqual(seen.numbers, []);
        assert.equal(seen.burials.length, 1);
      });

      it("stopping lets handlers finish and begins nothing", async (t) => {
        const place = await places.open(t);
        const broker = await place.broker(subscription);
        const gate = new Gate();
        const seen = place.consume(broker, subscription, () => gate.outcome);
        await broker.publish("orders", [messageOf(1, "k")]);
        await seen.until(1);
        const stopping = seen.stop();
        await broker.publish("orders", [messageOf(2, "other")]);
        gate.open();
        await stopping;
        assert.deepEqual(seen.numbers, [1]);
        await until("the outcome", async () => (await place.backlog()) === 1);
      });

      const interrupted = isOrdered ? "uncounted-ordered-interruptions" : "uncounted-interruptions";
      const counted = places.cannot(interrupted) ? "having counted once" : "without having counted";
      it(`what is interrupted by stopping begins anew elsewhere, ${counted}`, async (t) => {
        const place = await places.open(t);
        const broker = await place.broker(subscription);
        const other = await place.broker(subscription);
        const seen: Seen = place.consume(
          broker,
          subscription,
          ({ signal }) =>
            new Promise((resolve) => {
              signal.addEventListener("abort", () => resolve({ kind: "failed", reason: "interrupted" }));
            }),
        );
        await broker.publish("orders", [messageOf(1, "k")]);
        await seen.until(1);
        const otherSeen = place.consume(other, subscription);
        await seen.stop(0);
        await place.untilEmpty();
        const again = places.cannot(interrupted) ? 2 : 1;
        assert.deepEqual([seen.attemptsOf(1), otherSeen.attemptsOf(1)], [[1], [again]]);
      });

      it("takes no more at once than it may", async (t) => {
        const place = await places.open(t);
        const narrow = { ...subscription, maxConcurrency: 3 };
        const broker = await place.broker(narrow);
        let [now, most] = [0, 0];
        const full = new Gate();
        const seen = place.consume(broker, narrow, async () => {
          most = Math.max(most, ++now);
          // However slowly they come.
          if (now === narrow.maxConcurrency) full.open();
          await full.outcome;
          await new Promise((resolve) => setTimeout(resolve, 10));
          now--;
          return handled;
        });
        await broker.publish(
          "orders",
          Array.from({ length: 30 }, (_, n) => messageOf(n, `key ${n}`)),
        );
        await seen.until(30);
        await place.untilEmpty();
        assert.equal(most, 3);
        assert.equal(new Set(seen.numbers).size, 30);
      });
    });
  }
}
