// What publishing promises, against a real server: all or none, once within the window, not before its time, only to whom it is for.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { dedupWindowMs, type Outcome, type OutgoingMessage } from "../broker.ts";
import { consume, messageOf, numberOf, subscriptionOf, TestDatabase, until } from "./broker.test.support.ts";

const handled: Outcome = { kind: "handled" };

describe("publishing to PostgreSQL", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  async function numbersOf(database: TestDatabase): Promise<number[]> {
    const rows = await database.rows<{ payload: string }>("SELECT payload FROM tenon_messages.delivery ORDER BY id");
    return rows.map(numberOf);
  }

  it("keeps the order of what is published at once, and takes few statements for it", async (t) => {
    const database = await TestDatabase.create(server, t);
    const broker = await database.broker(subscriptionOf());
    const numbers = Array.from({ length: 500 }, (_, n) => n);
    await Promise.all(numbers.map((n) => broker.publish("orders", [messageOf(n)])));
    assert.deepEqual(await numbersOf(database), numbers);
    const [row] = await database.rows<{ count: number }>(
      "SELECT count(DISTINCT xmin::text)::int AS count FROM tenon_messages.delivery",
    );
    assert.ok(row!.count < 20, `${row!.count} statements`);
  });

  it("a publish that the server refuses takes nobody with it, and is not there in part", async (t) => {
    const database = await TestDatabase.create(server, t);
    const broker = await database.broker(subscriptionOf());
    const wrong = messageOf(2, null, { id: "no uuid" });
    const outcomes = await Promise.allSettled([
      broker.publish("orders", [messageOf(0)]),
      broker.publish("orders", [messageOf(1), wrong]),
      broker.publish("orders", [messageOf(3)]),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(await numbersOf(database), [0, 3]);
  });

  it("what may be a repeat is accepted once within the window", async (t) => {
    const database = await TestDatabase.create(server, t);
    const broker = await database.broker(subscriptionOf());
    const message = messageOf(1, null, { mayBeRepeat: true });
    await broker.publish("orders", [message, messageOf(2), message]);
    await broker.publish("orders", [message]);
    assert.deepEqual(await numbersOf(database), [1, 2]);
    const other = await database.broker(subscriptionOf());
    await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? broker : other).publish("orders", [message])));
    assert.deepEqual(await numbersOf(database), [1, 2]);
    await database.rows(`UPDATE tenon_messages.accepted SET accepted_at = now() - interval '${dedupWindowMs + 1} ms'`);
    await broker.publish("orders", [message]);
    assert.deepEqual(await numbersOf(database), [1, 2, 1]);
  });

  it("brokers that publish the same ids at once wait for each other in one order", async (t) => {
    const database = await TestDatabase.create(server, t);
    const brokers = [await database.broker(subscriptionOf()), await database.broker(subscriptionOf())];
    const messages = Array.from({ length: 50 }, (_, n) => messageOf(n, null, { mayBeRepeat: true }));
    for (let round = 0; round < 10; round++) {
      await Promise.all(brokers.map((broker, n) => broker.publish("orders", n ? messages.toReversed() : messages)));
    }
    assert.equal((await numbersOf(database)).length, 50);
  });

  it("a delayed message comes when it is due, behind what was published later", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf();
    const broker = await database.broker(subscription);
    const deliverAt = new Date(Date.now() + 1_500);
    const seen: number[] = [];
    let cameAt = 0;
    const consumer = consume(broker, subscription, async (delivery) => {
      seen.push(numberOf(delivery));
      if (numberOf(delivery) === 1) cameAt = Date.now();
      return handled;
    });
    await broker.publish("orders", [messageOf(1, null, { deliverAt }), messageOf(2)]);
    await until("both", () => seen.length === 2);
    assert.deepEqual(seen, [2, 1]);
    assert.ok(cameAt >= deliverAt.getTime());
    await consumer.stop(1_000);
  });

  it("a message that no filter lets through is not stored", async (t) => {
    const database = await TestDatabase.create(server, t);
    const eu = subscriptionOf({ name: "eu", filter: { region: ["eu", "uk"], kind: ["a"] } });
    const all = subscriptionOf({ name: "all" });
    const broker = await database.broker(eu, all);
    const of = (n: number, attributes: Record<string, string>): OutgoingMessage => messageOf(n, null, { attributes });
    await broker.publish("orders", [
      of(1, { region: "eu", kind: "a" }),
      of(2, { region: "eu", kind: "b" }),
      of(3, { region: "us", kind: "a" }),
      of(4, { kind: "a" }),
      of(5, { region: "u\0k", kind: "a" }),
      of(6, { region: "uk", kind: "a", other: "x" }),
    ]);
    const rows = await database.rows<{ name: string; payload: string }>(
      `SELECT s.name, d.payload FROM tenon_messages.delivery AS d JOIN tenon_messages.subscription AS s ON s.id = d.subscription
       ORDER BY d.id`,
    );
    const of_ = (name: string) => rows.filter((row) => row.name === name).map(numberOf);
    assert.deepEqual(of_("eu"), [1, 6]);
    assert.deepEqual(of_("all"), [1, 2, 3, 4, 5, 6]);
    await database.broker({ ...eu, filter: { region: ["us"] } }, all);
    await broker.publish("orders", [of(7, { region: "us" }), of(8, { region: "eu", kind: "a" })]);
    const later = await database.rows<{ payload: string }>(
      `SELECT d.payload FROM tenon_messages.delivery AS d JOIN tenon_messages.subscription AS s ON s.id = d.subscription
       WHERE s.name = 'eu' ORDER BY d.id DESC LIMIT 1`,
    );
    assert.equal(numberOf(later[0]!), 7);
  });

  it("messages of some megabytes, with every kind of character, come as they were", async (t) => {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf();
    const broker = await database.broker(subscription);
    const payloads = ["x".repeat(4_000_000), "\"\\{},'$1 äö 日本 \u{1F600}", "tab\tline\nnul\0"].map((text) =>
      JSON.stringify({ text }),
    );
    const seen = new Set<string>();
    const consumer = consume(broker, subscription, async ({ payload, attributes }) => {
      assert.deepEqual(attributes, { quote: '"' });
      seen.add(payload);
      return handled;
    });
    const attributes = { quote: '"' };
    await Promise.all(
      payloads.map((payload, n) => broker.publish("orders", [messageOf(n, null, { payload, attributes })])),
    );
    await until("all", () => seen.size === 3);
    assert.deepEqual(seen, new Set(payloads));
    await consumer.stop(1_000);
  });

  it("keeps the order of a key when what was refused is sent once more, and later ones were already waiting", async (t) => {
    const database = await TestDatabase.create(server, t);
    const broker = await database.broker(subscriptionOf());
    await broker.publish("orders", [messageOf(0)]);
    const wrong = assert.rejects(broker.publish("orders", [messageOf(1, "k", { id: "no uuid" })]));
    const first = [2, 3].map((n) => broker.publish("orders", [messageOf(n, "k")]));
    await new Promise((resolve) => setImmediate(resolve));
    const later = [4, 5].map((n) => broker.publish("orders", [messageOf(n, "k")]));
    await Promise.all([wrong, ...first, ...later]);
    assert.deepEqual(await numbersOf(database), [0, 2, 3, 4, 5]);
  });
});
