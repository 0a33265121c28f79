// Dead letters as people see them: counted, listed, and replayed with their ids.
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import {
  consume,
  messageOf,
  numberOf,
  subscriptionOf,
  TestDatabase,
  traceparent,
  until,
} from "./broker.test.support.ts";
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
    const seen: (string | null)[] = [];
    let isBroken = true;
    const consumer = consume(broker, subscription, async (delivery) => {
      if (isBroken) return { kind: "failed", reason: "Error: not today" };
      seen.push(delivery.replayTraceparent);
      attempts.push(`${numberOf(delivery)} for the ${delivery.attempt}. time`);
      return { kind: "handled" };
    });
    t.after(() => consumer.stop(1_000));
    await broker.publish("orders", [messageOf(1, "k"), messageOf(2, "k"), messageOf(3, "k")]);
    await until("dead letters", async () => (await database.deadLetters()).length === 3);
    const mend = () => {
      isBroken = false;
    };
    return { database, control: createTopicControl(database.connectionString), attempts, mend, seen };
  }

  for (const isOrdered of [false, true]) {
    it(`lists and replays ${isOrdered ? "ordered" : "unordered"} ones`, async (t) => {
      const { database, control, attempts, mend } = await afterFailures(t, isOrdered);
      assert.deepEqual(await control.states(), [
        { topic: "orders", subscription: "mail", backlog: 0, oldestAgeMs: null, deadLetters: 3 },
      ]);
      const [first] = (await control.deadLetters("orders", "mail", { limit: 100 })).filter(
        ({ messageId }) => messageId === messageOf(1).id,
      );
      const { publishedAt, diedAt, position, ...rest } = first!;
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
      assert.match(position, /^\d+-\d+$/);

      mend();
      assert.equal(await control.replay("orders", "mail", { messageIds: [messageOf(2).id, "no-such-id"] }), 1);
      await until("the one", () => attempts.length === 1);
      assert.equal(await control.replay("orders", "mail", {}), 2);
      await until("the others", () => attempts.length === 3);
      assert.deepEqual(attempts.toSorted(), ["1 for the 1. time", "2 for the 1. time", "3 for the 1. time"]);
      assert.equal(await control.replay("orders", "mail", {}), 0);
      await until("nothing left", async () => (await database.waiting()) === 0);
      assert.equal((await control.states())[0]!.deadLetters, 0);
    });
  }

  it("gives dead letters page by page and throws some away", async (t) => {
    const { control } = await afterFailures(t, false);
    const first = await control.deadLetters("orders", "mail", { limit: 2 });
    const second = await control.deadLetters("orders", "mail", { limit: 2, after: first.at(-1)!.position });
    const ids = [...first, ...second].map(({ messageId }) => messageId);
    assert.deepEqual([first.length, second.length, new Set(ids).size], [2, 1, 3]);
    assert.equal(await control.discard("orders", "mail", [ids[0]!, ids[2]!, "no-such-id"]), 2);
    const left = await control.deadLetters("orders", "mail", { limit: 9 });
    assert.deepEqual(
      left.map(({ messageId }) => messageId),
      [ids[1]],
    );
  });

  for (const isOrdered of [false, true]) {
    it(`replays ${isOrdered ? "ordered" : "unordered"} ones at a rate, some of them, under the trace of the replay`, async (t) => {
      const { database, control, attempts, mend, seen } = await afterFailures(t, isOrdered);
      mend();
      const replay = "00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01";
      const replayedAt = Date.now();
      assert.equal(await control.replay("orders", "mail", { limit: 2, perSecond: 2, traceparent: replay }), 2);
      assert.equal((await control.states())[0]!.deadLetters, 1);
      await until("two", () => attempts.length === 2);
      // The first at once, the second half a second later.
      assert.ok(Date.now() - replayedAt >= 500);
      assert.deepEqual(seen, [replay, replay]);
      await until("nothing left", async () => (await database.waiting()) === 0);
    });
  }

  it("a replayed message that falls due later holds back none of its key", async (t) => {
    const { database, control, attempts, mend } = await afterFailures(t, true);
    mend();
    await control.replay("orders", "mail", { perSecond: 0.01 });
    await until("the first", () => attempts.length === 1);
    const broker = await database.broker(subscriptionOf({ isOrdered: true }));
    await broker.publish("orders", [messageOf(9, "k")]);
    await until("the new one", () => attempts.some((attempt) => attempt.startsWith("9 ")));
    assert.equal(await database.waiting(), 2);
  });

  it("10,000 fall due one after the other at the rate that was asked for, each under the trace of the replay", async (t) => {
    const { database, control, mend, seen } = await afterFailures(t, false);
    await control.discard(
      "orders",
      "mail",
      [1, 2, 3].map((n) => messageOf(n).id),
    );
    await database.rows(
      `INSERT INTO tenon_messages.dead_letter
         (id, subscription, message_id, payload, attributes, traceparent, published_at, attempts, reason)
       SELECT 1000 + n, 1, gen_random_uuid(), '{"n":' || n || '}', '{}', '${traceparent}', now(), 3, 'no'
       FROM generate_series(1, 10000) AS n`,
    );
    mend();
    const replay = "00-2af7651916cd43dd8448eb211c80319c-d7ad6b7169203331-01";
    assert.equal(await control.replay("orders", "mail", { perSecond: 0.5, traceparent: replay }), 10_000);
    const [spread] = await database.rows<{ steps: number }>(
      `SELECT count(*)::int AS steps FROM (
         SELECT run_at - lag(run_at) OVER (ORDER BY id) AS step FROM tenon_messages.delivery) AS s WHERE step = interval '2 s'`,
    );
    assert.ok(spread!.steps >= 9_998, `${spread!.steps} steps of two seconds`);
    await database.rows("UPDATE tenon_messages.delivery SET run_at = now()");
    await database.rows("NOTIFY tenon_messages, '1'");
    await until("all", async () => (await database.waiting()) === 0);
    assert.deepEqual([seen.length, new Set(seen)], [10_000, new Set([replay])]);
  });

  it("a message older than the retention can be replayed", async (t) => {
    const { database, control, attempts, mend } = await afterFailures(t, false);
    await database.rows("UPDATE tenon_messages.dead_letter SET published_at = now() - interval '10 days'");
    mend();
    await control.replay("orders", "mail", {});
    await until("all", () => attempts.length === 3);
  });

  it("tells of subscriptions that are gone from the code, too: they keep what they have", async (t) => {
    const database = await TestDatabase.create(server, t);
    const old = await database.broker(subscriptionOf({ name: "old" }));
    await old.publish("orders", [messageOf(1)]);
    await database.rows("UPDATE tenon_messages.subscription SET seen_at = now() - interval '2 days'");
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

  it("shows a payload that is no JSON as text", async (t) => {
    const { database, control } = await afterFailures(t, false);
    await database.rows("UPDATE tenon_messages.dead_letter SET payload = 'no {json' WHERE payload LIKE '%2%'");
    const letters = await control.deadLetters("orders", "mail", { limit: 10 });
    assert.deepEqual(
      letters.map(({ message }) => message).filter((message) => typeof message === "string"),
      ["no {json"],
    );
  });

  for (const isOrdered of [false, true]) {
    it(`counting ${isOrdered ? "ordered" : "unordered"} messages ends at a limit, and says so`, async (t) => {
      const database = await TestDatabase.create(server, t);
      const broker = await database.broker(subscriptionOf({ isOrdered }));
      const stateAt = async (limit: number) => {
        const [state] = await createTopicControl(database.connectionString, limit).states();
        return [state!.backlog, state!.countedUpTo];
      };
      await broker.publish("orders", [messageOf(1, "a"), messageOf(2, "b"), messageOf(3, "c"), messageOf(4, "d")]);
      assert.deepEqual(await stateAt(5), [4, undefined]);
      assert.deepEqual(await stateAt(4), [4, 4]);
      assert.deepEqual(await stateAt(3), [3, 3]);
      await database.rows("UPDATE tenon_messages.delivery SET waits_since = now() - interval '1 hour' WHERE id = 1");
      const [aged] = await createTopicControl(database.connectionString, 1).states();
      assert.ok(aged!.oldestAgeMs! >= 3_600_000, String(aged!.oldestAgeMs));
    });
  }
});
