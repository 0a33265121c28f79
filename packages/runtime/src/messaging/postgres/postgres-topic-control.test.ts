// Dead letters as people see them: counted, listed, and replayed with their ids.
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { messageOf, numberOf, subscriptionOf, TestDatabase, traceparent, until } from "./broker.test.support.ts";
import { createTopicControl } from "./postgres-topic-control.ts";

describe("topic control", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  /** Three dead letters and a consumer that handles whatever comes once `mend` was called. */
  async function afterFailures(t: TestContext, isOrdered: boolean) {
    const database = await TestDatabase.create(server, t);
    const subscription = subscriptionOf({
      isOrdered,
      retryPolicy: { minBackoffMs: 10, maxBackoffMs: 10, maxRetries: 1 },
    });
    const broker = await database.broker(subscription);
    const attempts: string[] = [];
    let isBroken = true;
    const consumer = broker.consume(subscription, async (delivery) => {
      if (isBroken) return { kind: "failed", reason: "Error: not today" };
      attempts.push(`${numberOf(delivery)} for the ${delivery.attempt}. time`);
      return { kind: "handled" };
    });
    t.after(() => consumer.stop(1_000));
    await broker.publish("orders", [messageOf(1, "k"), messageOf(2, "k"), messageOf(3, "k")]);
    await until("dead letters", async () => (await database.deadLetters()).length === 3);
    const mend = () => {
      isBroken = false;
    };
    return { database, control: createTopicControl(database.connectionString), attempts, mend };
  }

  for (const isOrdered of [false, true]) {
    it(`lists and replays ${isOrdered ? "ordered" : "unordered"} ones`, async (t) => {
      const { database, control, attempts, mend } = await afterFailures(t, isOrdered);
      assert.deepEqual(await control.states(), [
        { topic: "orders", subscription: "mail", backlog: 0, oldestAgeMs: null, deadLetters: 3 },
      ]);
      const [first] = (await control.deadLetters("orders", "mail", 100)).filter(
        ({ messageId }) => messageId === messageOf(1).id,
      );
      const { publishedAt, diedAt, ...rest } = first!;
      assert.deepEqual(rest, {
        messageId: messageOf(1).id,
        message: { n: 1 },
        attributes: {},
        orderingKey: "k",
        reason: "Error: not today",
        attempts: 2,
        traceId: traceparent.split("-")[1],
      });
      assert.ok(Date.parse(publishedAt) <= Date.parse(diedAt));
      assert.equal((await control.deadLetters("orders", "mail", 2)).length, 2);

      mend();
      assert.equal(await control.replay("orders", "mail", [messageOf(2).id, "no-such-id"]), 1);
      await until("the one", () => attempts.length === 1);
      assert.equal(await control.replay("orders", "mail", undefined), 2);
      await until("the others", () => attempts.length === 3);
      assert.deepEqual(attempts.toSorted(), ["1 for the 1. time", "2 for the 1. time", "3 for the 1. time"]);
      assert.equal(await control.replay("orders", "mail", undefined), 0);
      await until("nothing left", async () => (await database.waiting()) === 0);
      assert.equal((await control.states())[0]!.deadLetters, 0);
    });
  }

  it("a message older than the retention can be replayed", async (t) => {
    const { database, control, attempts, mend } = await afterFailures(t, false);
    await database.rows("UPDATE tenon_messages.dead_letter SET published_at = now() - interval '10 days'");
    mend();
    await control.replay("orders", "mail", undefined);
    await until("all", () => attempts.length === 3);
  });

  it("a subscription that is gone from the code gets no more messages and keeps its own", async (t) => {
    const database = await TestDatabase.create(server, t);
    const old = await database.broker(subscriptionOf({ name: "old" }));
    await old.publish("orders", [messageOf(1)]);
    const renamed = await database.broker(subscriptionOf({ name: "new" }));
    await renamed.publish("orders", [messageOf(2)]);
    const states = await createTopicControl(database.connectionString).states();
    assert.deepEqual(
      states.map(({ subscription, backlog }) => [subscription, backlog]),
      [
        ["new", 1],
        ["old", 1],
      ],
    );
    assert.ok(states[0]!.oldestAgeMs! >= 0);
  });
});
