// More time for long handlers, the word before a message is buried, and what a process that ended in the middle leaves to the others.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import type { Burial, Delivery, Outcome } from "../broker.ts";
import { LeaseLost } from "../errors.ts";
import { consume, Gate, messageOf, numberOf, subscriptionOf, TestDatabase, until } from "./broker.test.support.ts";

const handled: Outcome = { kind: "handled" };

describe("leases in PostgreSQL", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  for (const isOrdered of [false, true]) {
    const kind = isOrdered ? "ordered" : "unordered";
    const table = isOrdered ? "lane" : "delivery";

    it(`${kind}: a handler that asks for more time has it`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const subscription = subscriptionOf({ isOrdered, ackDeadlineMs: 1_000 });
      const broker = await database.broker(subscription);
      const gate = new Gate();
      const deliveries: Delivery[] = [];
      const consumer = consume(broker, subscription, async (delivery) => {
        deliveries.push(delivery);
        await delivery.extend(60_000);
        return gate.outcome;
      });
      await broker.publish("orders", [messageOf(1, "k")]);
      const isExtended = async () => {
        const rows = await database.rows(
          `SELECT 1 FROM tenon_messages.${table} WHERE lease_until BETWEEN now() + interval '50 s' AND now() + interval '62 s'`,
        );
        return rows.length === 1;
      };
      await until("the longer lease", isExtended);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      assert.equal(deliveries[0]!.signal.aborted, false);
      gate.open();
      await until("its outcome", async () => (await database.waiting()) === 0);
      assert.equal(deliveries.length, 1);
      await consumer.stop(1_000);
    });

    it(`${kind}: a message that is somebody else's cannot be extended`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const subscription = subscriptionOf({ isOrdered });
      const broker = await database.broker(subscription);
      let error: unknown;
      let wasAborted = false;
      const consumer = consume(broker, subscription, async (delivery) => {
        if (error !== undefined) return handled;
        await database.rows(`UPDATE tenon_messages.${table} SET lease = gen_random_uuid() WHERE lease IS NOT NULL`);
        error = await delivery.extend(1_000).catch((thrown: unknown) => thrown);
        wasAborted = delivery.signal.aborted;
        return handled;
      });
      await broker.publish("orders", [messageOf(1, "k")]);
      await until("the refusal", () => error !== undefined);
      assert.ok(error instanceof LeaseLost);
      assert.match(error.message, /orders\/mail/);
      await until("the abort", () => wasAborted);
      await consumer.stop(1_000);
    });

    it(`${kind}: whoever receives is told before a message is buried, and it is buried whatever becomes of that`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const subscription = subscriptionOf({ isOrdered, ackDeadlineMs: 2_000 });
      const broker = await database.broker(subscription);
      const told: Burial[] = [];
      const deliver = async (delivery: Delivery): Promise<Outcome> =>
        numberOf(delivery) === 1
          ? { kind: "refused", reason: "a wrong shape" }
          : { kind: "failed", reason: "Error: no" };
      const consumer = consume(broker, subscription, deliver, async (burial) => {
        assert.deepEqual(await database.deadLetters(), []);
        told.push(burial);
        if (told.length === 2) await new Promise(() => {});
      });
      await broker.publish("orders", [messageOf(1, "k")]);
      await until("the first one", async () => (await database.deadLetters()).length === 1);
      await database.rows("DELETE FROM tenon_messages.dead_letter");
      await broker.publish("orders", [messageOf(2, "k")]);
      await until("the second one", async () => (await database.deadLetters()).length === 1);
      assert.deepEqual(
        told.map(({ message, attempts, reason }) => [numberOf(message), attempts, reason]),
        [
          [1, 1, "a wrong shape"],
          [2, 3, "Error: no"],
        ],
      );
      await consumer.stop(1_000);
    });
  }

  it("ordered: what a process had in hand when it ended comes again in order, and one by one", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf({
      isOrdered: true,
      retryPolicy: { minBackoffMs: 1, maxBackoffMs: 1, maxRetries: 1 },
    });
    const broker = await database.broker(subscription);
    await broker.publish(
      "orders",
      Array.from({ length: 10 }, (_, n) => messageOf(n, "k")),
    );
    // As a process leaves it that ended while it handled the first of ten.
    await database.rows("UPDATE tenon_messages.delivery SET lease = gen_random_uuid(), attempts = 1");
    const seen: [number, number][] = [];
    const consumer = consume(broker, subscription, async (delivery) => {
      seen.push([numberOf(delivery), delivery.attempt]);
      return handled;
    });
    await until("all", async () => (await database.waiting()) === 0);
    assert.deepEqual(
      seen,
      Array.from({ length: 10 }, (_, n) => [n, 2]),
    );
    assert.deepEqual(await database.deadLetters(), []);
    await consumer.stop(1_000);
  });

  it("ordered: a slow handler keeps its lane for longer than one lease", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf({ isOrdered: true, ackDeadlineMs: 2_000 });
    const broker = await database.broker(subscription);
    const other = await database.broker(subscription);
    const seen: number[] = [];
    const slowly = async (delivery: Delivery) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      seen.push(numberOf(delivery));
      return handled;
    };
    const consumers = [consume(broker, subscription, slowly), consume(other, subscription, slowly)];
    await broker.publish(
      "orders",
      Array.from({ length: 8 }, (_, n) => messageOf(n, "k")),
    );
    await until("all", () => seen.length === 8);
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
    await Promise.all(consumers.map((consumer) => consumer.stop(1_000)));
  });

  for (const isOrdered of [false, true]) {
    const kind = isOrdered ? "ordered" : "unordered";

    it(`${kind}: what was taken ahead and not begun when its process ended has lost no attempt`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const subscription = subscriptionOf({
        isOrdered,
        maxConcurrency: 1,
        retryPolicy: { minBackoffMs: 1, maxBackoffMs: 1, maxRetries: 0 },
      });
      const broker = await database.broker(subscription);
      const gate = new Gate();
      const begun = new Set<number>();
      const first = consume(broker, subscription, async (delivery) => {
        begun.add(numberOf(delivery));
        return numberOf(delivery) < 170 ? handled : gate.outcome;
      });
      await broker.publish(
        "orders",
        Array.from({ length: 600 }, (_, n) => messageOf(n, "k")),
      );
      await until("the one that takes long", () => begun.has(170));
      await until("the outcomes of those before", async () => (await database.waiting()) === 430);
      const held = await database.rows("SELECT 1 FROM tenon_messages.delivery WHERE lease IS NOT NULL");
      assert.ok(held.length > 1, "more than that one was taken");
      // As a process leaves them that ends now.
      await database.rows(
        "UPDATE tenon_messages.delivery SET lease = gen_random_uuid(), lease_until = '-infinity' WHERE lease IS NOT NULL",
      );
      await database.rows("UPDATE tenon_messages.lane SET lease = gen_random_uuid(), lease_until = '-infinity'");
      const stopping = first.stop(1);
      const other = await database.broker(subscription);
      const second = consume(other, subscription, async (delivery) => {
        begun.add(numberOf(delivery));
        return handled;
      });
      await until("all", async () => (await database.waiting()) === 0);
      const dead = await database.deadLetters();
      assert.ok(
        dead.every(({ message_id: id }) => id === messageOf(170).id),
        JSON.stringify(dead),
      );
      assert.equal(begun.size, 600);
      gate.open();
      await Promise.all([stopping, second.stop(1_000)]);
    });
  }
});
