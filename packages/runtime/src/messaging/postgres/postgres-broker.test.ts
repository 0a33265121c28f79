// What the engine promises, against a real server: leases, retries, dead letters, retention, order, stopping.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import type { Delivery, Outcome } from "../broker.ts";
import { consume, Gate, messageOf, numberOf, subscriptionOf, TestDatabase, until } from "./broker.test.support.ts";

const handled: Outcome = { kind: "handled" };

describe("messages in PostgreSQL", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  for (const isOrdered of [false, true]) {
    const kind = isOrdered ? "ordered" : "unordered";
    const subscription = subscriptionOf({ isOrdered });

    it(`${kind}: a handler slower than its lease acknowledges nothing that is somebody else's`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const slow = await database.broker(subscription);
      const other = await database.broker(subscription);
      const late = new Gate();
      const second = new Gate();
      const attempts: number[] = [];
      const slowConsumer = consume(slow, { ...subscription, ackDeadlineMs: 50 }, ({ attempt }) => {
        attempts.push(attempt);
        return late.outcome;
      });
      await slow.publish("orders", [messageOf(1, "k")]);
      await until("the first delivery", () => attempts.length === 1);
      const stopping = slowConsumer.stop(60_000);
      const otherConsumer = consume(other, subscription, ({ attempt }) => {
        attempts.push(attempt);
        return second.outcome;
      });
      await until("the second delivery", () => attempts.length === 2);
      late.open();
      await stopping;
      assert.deepEqual(attempts, [1, 2]);
      assert.equal(await database.waiting(), 1);
      second.open();
      await until("the second one's outcome", async () => (await database.waiting()) === 0);
      await otherConsumer.stop(1_000);
    });

    it(`${kind}: poison goes to the dead letters after its retries and holds up nobody`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const broker = await database.broker(subscription);
      const done: number[] = [];
      const consumer = consume(broker, subscription, async (delivery) => {
        if (numberOf(delivery) === 1) return { kind: "failed", reason: `attempt ${delivery.attempt}` };
        done.push(numberOf(delivery));
        return handled;
      });
      await broker.publish("orders", [messageOf(1, "k"), messageOf(2, "k"), messageOf(3, "other")]);
      await until("the others", () => done.length === 2);
      await until("the dead letter", async () => (await database.deadLetters()).length === 1);
      assert.deepEqual(await database.deadLetters(), [
        { message_id: messageOf(1).id, attempts: 3, reason: "attempt 3" },
      ]);
      await consumer.stop(1_000);
    });

    it(`${kind}: a message that waited longer than its retention is a dead letter, unhandled`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const broker = await database.broker(subscription);
      await broker.publish("orders", [messageOf(1, "k")]);
      await database.rows("UPDATE tenon_messages.delivery SET waits_since = now() - interval '2 minutes'");
      const seen: Delivery[] = [];
      const consumer = consume(broker, subscription, async (delivery) => {
        seen.push(delivery);
        return handled;
      });
      await until("the dead letter", async () => (await database.deadLetters()).length === 1);
      assert.equal((await database.deadLetters())[0]!.reason, "it has waited longer than messageRetention");
      assert.deepEqual(seen, []);
      await consumer.stop(1_000);
    });

    it(`${kind}: stopping lets handlers finish`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const broker = await database.broker(subscription);
      const gate = new Gate();
      let begun = 0;
      const consumer = consume(broker, subscription, () => {
        begun++;
        return gate.outcome;
      });
      await broker.publish("orders", [messageOf(1, "k")]);
      await until("the delivery", () => begun === 1);
      const stopping = consumer.stop(60_000);
      await broker.publish("orders", [messageOf(2, "other")]);
      gate.open();
      await stopping;
      assert.equal(begun, 1);
      assert.equal(await database.waiting(), 1);
    });

    it(`${kind}: what is interrupted by stopping begins anew elsewhere, without having counted`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const broker = await database.broker(subscription);
      const other = await database.broker(subscription);
      let begun = 0;
      const consumer = consume(broker, subscription, ({ signal }) => {
        begun++;
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ kind: "failed", reason: "interrupted" }));
        });
      });
      await broker.publish("orders", [messageOf(1, "k")]);
      await until("the delivery", () => begun === 1);
      const attempts: number[] = [];
      const otherConsumer = consume(other, subscription, async ({ attempt }) => {
        attempts.push(attempt);
        return handled;
      });
      await consumer.stop(0);
      await until("the other's outcome", async () => (await database.waiting()) === 0);
      assert.deepEqual(attempts, [1]);
      await otherConsumer.stop(1_000);
    });
  }

  it("a topic that gets an order keeps what waits", async (t) => {
    const database = await TestDatabase.create(server, t);
    const before = await database.broker(subscriptionOf());
    await before.publish("orders", [messageOf(1), messageOf(2)]);
    const ordered = subscriptionOf({ isOrdered: true });
    const broker = await database.broker(ordered);
    const seen: number[] = [];
    const consumer = consume(broker, ordered, async (delivery) => {
      seen.push(numberOf(delivery));
      return handled;
    });
    await until("both", () => seen.length === 2);
    assert.deepEqual(seen, [1, 2]);
    await consumer.stop(1_000);
  });

  it("handlers that publish themselves do not wait for each other's connections", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf({ maxConcurrency: 100 });
    const broker = await database.broker(subscription);
    const seen = new Set<number>();
    const consumer = consume(broker, subscription, async (delivery) => {
      const n = numberOf(delivery);
      if (n < 1_000) await broker.publish("orders", [messageOf(n + 1_000)]);
      seen.add(n);
      return handled;
    });
    await broker.publish(
      "orders",
      Array.from({ length: 300 }, (_, n) => messageOf(n)),
    );
    await until("all", () => seen.size === 600);
    await until("their outcomes", async () => (await database.waiting()) === 0);
    await consumer.stop(1_000);
  });

  it("an outcome that the server refuses holds up no others", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf();
    const broker = await database.broker(subscription);
    await database.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF OLD.payload = '{"n":3}' THEN RAISE 'not this one'; END IF; RETURN OLD; END $$`);
    await database.rows(
      "CREATE TRIGGER refuse BEFORE DELETE ON tenon_messages.delivery FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    await broker.publish(
      "orders",
      Array.from({ length: 8 }, (_, n) => messageOf(n)),
    );
    const consumer = consume(broker, subscription, async () => handled);
    await until("the others", async () => (await database.waiting()) === 1);
    await consumer.stop(1_000);
  });

  it("consumers that come and go share one listening connection", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf();
    const broker = await database.broker(subscription);
    for (let round = 0; round < 3; round++) {
      await consume(broker, subscription, async () => handled).stop(1_000);
    }
    const seen: number[] = [];
    const consumer = consume(broker, subscription, async (delivery) => {
      seen.push(numberOf(delivery));
      return handled;
    });
    await broker.publish("orders", [messageOf(1)]);
    await until("its message", () => seen.length === 1);
    const listening = () =>
      database.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN tenon_messages'`,
      );
    await until("a listening connection", async () => (await listening()).length > 0);
    assert.equal((await listening()).length, 1);
    await consumer.stop(1_000);
  });
});
