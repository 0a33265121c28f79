// The suite of engines on NSQ and a real nsqd, and what an nsqd keeps when it ends.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as adapter from "@tenon/nsq";
import { testEngine } from "@tenon/runtime/engine-suite";
import { eventually } from "../harness/eventually.mjs";
import { nsqdMissing, startNsqd } from "../harness/nsqd.mjs";

let server;
let places = 0;

before(async () => {
  if (!nsqdMissing) server = await startNsqd("--mem-queue-size=0");
});
after(() => server?.stop());

/** With the names of all topics and subscriptions of the tests. */
function placeAt(...servers) {
  const names = ["mail", "stock", "audit", "old", "new", "kept"];
  const subscriptions = Object.fromEntries(names.map((name) => [name, { name }]));
  return {
    hosts: servers.map(({ host }) => host).join(","),
    httpHosts: servers.map(({ httpHost }) => httpHost).join(","),
    topics: { orders: { name: `place-${++places}.orders`, subscriptions } },
  };
}

testEngine({
  name: "NSQ",
  adapter,
  newPlace: async () => placeAt(server),
  cannot: ["order", "repeats", "exactly-once"],
  skip: nsqdMissing,
});

function subscriptionOf(changes = {}) {
  return {
    topic: "orders",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 3_600_000,
    retryPolicy: { minBackoffMs: 1_000, maxBackoffMs: 1_000, maxRetries: 5 },
    ...changes,
  };
}

function messageOf(n, changes = {}) {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const rest = { attributes: {}, orderingKey: null, traceparent, deliverAt: null, mayBeRepeat: false };
  return { id: `id-${n}`, payload: JSON.stringify({ n }), ...rest, ...changes };
}

async function open(t, place, subscription = subscriptionOf()) {
  const broker = adapter.createBroker(place);
  t.after(() => broker.close());
  await broker.declare([
    { name: "orders", isOrdered: false, deliveryGuarantee: "at-least-once", subscriptions: [subscription] },
  ]);
  return broker;
}

/** Writes down the numbers that it was given; `outcomeOf(n, attempt)`: default is handled. */
function consume(t, broker, subscription, outcomeOf = () => ({ kind: "handled" })) {
  const seen = [];
  const burials = [];
  const consumer = broker.consume(subscription, {
    deliver: async ({ payload, attempt }) => {
      const { n } = JSON.parse(payload);
      seen.push(n);
      return await outcomeOf(n, attempt);
    },
    bury: async (burial) => void burials.push(burial),
  });
  t.after(() => consumer.stop(1_000));
  return { seen, burials, consumer };
}

const backlogOf = async (place) => (await adapter.createTopicControl(place).states())[0]?.backlog;

// Beside each other: most of their time is waiting.
describe("NSQ itself", { skip: nsqdMissing, concurrency: 4 }, () => {
  describe("an nsqd that ends", () => {
    test("as it is told to keeps what waits, is under way, put off or due later; both sides come back by themselves", async (t) => {
      const own = await startNsqd();
      t.after(() => own.stop());
      const place = placeAt(own);
      const retryPolicy = { minBackoffMs: 1_000, maxBackoffMs: 1_000, maxRetries: 1_000 };
      const subscription = subscriptionOf({ maxConcurrency: 2, retryPolicy });
      const broker = await open(t, place, subscription);
      let isDown = true;
      let forget = () => {};
      const stuck = new Promise((resolve) => {
        forget = () => resolve({ kind: "handled" });
      });
      const { seen } = consume(t, broker, subscription, (n) => {
        if (!isDown) return { kind: "handled" };
        return n === 1 ? { kind: "failed", reason: "not now" } : stuck;
      });
      await broker.publish("orders", [messageOf(1)]);
      await eventually("the one that fails", () => seen.includes(1));
      await broker.publish("orders", [
        messageOf(2, { deliverAt: new Date(Date.now() + 5_000) }),
        messageOf(3),
        messageOf(4),
        messageOf(5),
      ]);
      await eventually("two that are under way", () => seen.includes(3) && seen.includes(4));
      await eventually("all that there is", async () => (await backlogOf(place)) === 5);
      await own.end();
      await assert.rejects(broker.publish("orders", [messageOf(6)]));
      isDown = false;
      forget();
      seen.length = 0;
      await own.restart();
      await eventually("the publisher to be back", () =>
        broker.publish("orders", [messageOf(7)]).then(
          () => true,
          () => false,
        ),
      );
      await eventually("all of them", () => [1, 2, 3, 4, 5, 7].every((n) => seen.includes(n)));
      await eventually("nothing left", async () => (await backlogOf(place)) === 0);
    });

    test("by a crash keeps what waits, if it is told to write everything down at once", async (t) => {
      const own = await startNsqd("--mem-queue-size=0", "--sync-every=1");
      t.after(() => own.stop());
      const place = placeAt(own);
      const broker = await open(t, place);
      await broker.publish(
        "orders",
        Array.from({ length: 100 }, (_, n) => messageOf(n)),
      );
      await eventually("all that there is", async () => (await backlogOf(place)) === 100);
      await own.kill();
      await own.restart();
      const { seen } = consume(t, broker, subscriptionOf());
      await eventually("all of them", () => new Set(seen).size === 100);
    });
  });

  // One after the other: both are about the same server.
  describe("several nsqd", { concurrency: 1 }, () => {
    let other;
    before(async () => {
      other = await startNsqd();
    });
    after(() => other?.stop());

    test("are published to in turn and consumed from together, never more at once than there may be", async (t) => {
      const place = placeAt(server, other);
      const subscription = subscriptionOf({ maxConcurrency: 3 });
      const broker = await open(t, place, subscription);
      let [now, most] = [0, 0];
      let goOn = () => {};
      const held = new Promise((resolve) => {
        goOn = resolve;
      });
      const { seen } = consume(t, broker, subscription, async () => {
        most = Math.max(most, ++now);
        await held;
        now--;
        return { kind: "handled" };
      });
      for (let n = 0; n < 40; n++) await broker.publish("orders", [messageOf(n)]);
      const topicAt = async ({ httpHost }) => {
        const { topics } = await (await fetch(`http://${httpHost}/stats?format=json`)).json();
        return topics.find(({ topic_name }) => topic_name === place.topics.orders.name);
      };
      for (const one of [server, other]) {
        assert.equal((await topicAt(one)).message_count, 20);
        // Its share, rounded up: one of the four has to wait here.
        await eventually("two from each", async () => (await topicAt(one)).channels[0].in_flight_count === 2);
      }
      await eventually("three to be handled", () => now === 3);
      goOn();
      await eventually("all of them", () => new Set(seen).size === 40);
      await eventually("nothing left", async () => (await backlogOf(place)) === 0);
      assert.equal(most, 3);
    });

    test("need not all be there", async (t) => {
      const place = placeAt(server, other);
      await other.kill();
      const subscription = subscriptionOf();
      const broker = await open(t, place, subscription);
      const { seen } = consume(t, broker, subscription);
      for (let n = 0; n < 4; n++) await broker.publish("orders", [messageOf(n)]);
      await eventually("all of them", () => new Set(seen).size === 4);
      await other.restart();
      await eventually("messages by way of the other", async () => {
        await broker.publish("orders", [messageOf(5), messageOf(6)]);
        const stats = await (await fetch(`http://${other.httpHost}/stats?format=json`)).json();
        const topic = stats.topics.find(({ topic_name }) => topic_name === place.topics.orders.name);
        return topic?.message_count > 0 && topic.channels[0].message_count > 0;
      });
      await eventually("nothing left", async () => (await backlogOf(place)) === 0);
    });
  });

  describe("what NSQ has not", () => {
    const topicOf = (changes) => ({
      name: "orders",
      isOrdered: false,
      deliveryGuarantee: "at-least-once",
      subscriptions: [],
      ...changes,
    });

    async function refusalOf(t, topic) {
      const broker = adapter.createBroker(placeAt(server));
      t.after(() => broker.close());
      return await broker.declare([topicOf(topic)]).catch((error) => error);
    }

    test("is refused where it is declared, with what to do", async (t) => {
      const exactly = await refusalOf(t, { deliveryGuarantee: "exactly-once" });
      assert.equal(exactly.code, "engine_cannot");
      assert.match(exactly.message, /the topic "orders".*declare "at-least-once"/);
      const ordered = await refusalOf(t, { isOrdered: true });
      assert.match(ordered.message, /it keeps no order; leave out orderingAttribute/);
      const slow = await refusalOf(t, { subscriptions: [subscriptionOf({ ackDeadlineMs: 3_600_000 })] });
      assert.equal(slow.code, "engine_cannot");
      assert.match(slow.message, /orders\/mail.*--max-msg-timeout than 900000 ms/);
    });

    test("is refused where a message is too large, and others go on", async (t) => {
      const place = placeAt(server);
      const broker = await open(t, place);
      const large = messageOf(1, { payload: JSON.stringify({ n: 1, text: "x".repeat(1_100_000) }) });
      const refusal = await broker.publish("orders", [large]).catch((error) => error);
      assert.equal(refusal.code, "engine_cannot");
      assert.match(refusal.message, /a message of 11\d{5} bytes: it takes 1048576 at the most.*--max-msg-size/);
      await broker.publish("orders", [messageOf(2)]);
      assert.equal(await backlogOf(place), 1);
    });

    test("a handler that asks for more time than nsqd gives is told so, and goes on", async (t) => {
      const place = placeAt(server);
      const subscription = subscriptionOf();
      const broker = await open(t, place, subscription);
      let refusal;
      const consumer = broker.consume(subscription, {
        deliver: async (delivery) => {
          refusal = await delivery.extend(1_000_000).catch((error) => error);
          return { kind: "handled" };
        },
        bury: async () => {},
      });
      t.after(() => consumer.stop(1_000));
      await broker.publish("orders", [messageOf(1)]);
      await eventually("the outcome", async () => refusal !== undefined && (await backlogOf(place)) === 0);
      assert.equal(refusal.code, "engine_cannot");
      assert.match(refusal.message, /898000 ms since its delivery/);
    });

    test("a name that infra.json does not have is told", async (t) => {
      const broker = await open(t, placeAt(server));
      await assert.rejects(broker.publish("elsewhere", [messageOf(1)]), /add pubsub\[0\]\.topics\.elsewhere/);
      const subscription = subscriptionOf({ name: "nobody" });
      assert.throws(() => broker.consume(subscription, {}), /pubsub\[0\]\.topics\.orders\.subscriptions\.nobody/);
    });
  });

  describe("what others have put there", () => {
    test("is a dead letter as text; messages of Encore.ts are handled", async (t) => {
      const place = placeAt(server);
      const subscription = subscriptionOf();
      const broker = await open(t, place, subscription);
      const { seen, burials } = consume(t, broker, subscription);
      const put = (body) =>
        fetch(`http://${server.httpHost}/pub?topic=${place.topics.orders.name}`, { method: "POST", body });
      await put('not "ours"');
      await put('{"id":"cq1","attrs":{},"body":{"n":7}}');
      await eventually("the message", () => seen.includes(7));
      const control = adapter.createTopicControl(place);
      await eventually("the dead letter", async () => (await control.states())[0].deadLetters === 1);
      const [letter] = await control.deadLetters("orders", "mail", { limit: 10 });
      assert.equal(letter.message, 'not "ours"');
      assert.equal(letter.attempts, 0);
      assert.equal(burials.length, 1);
      await eventually("nothing left", async () => (await backlogOf(place)) === 0);
    });
  });
});
