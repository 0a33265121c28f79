// Ids of messages are unique for a while only: what has the same one later is another message, also among those that fall due later and
// among the dead letters. And topics may have the names that engines use for their own places.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import * as nats from "@tenon/nats";
import * as redis from "@tenon/redis-streams";
import { encode, envelopeOf } from "../../packages/adapters/nats/dist/envelope.js";
import { Link } from "../../packages/adapters/nats/dist/link.js";
import { eventually } from "../harness/eventually.mjs";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";
import { redisServerMissing, startRedisServer } from "../harness/redis-server.mjs";

const id = randomUUID();

function subscriptionOf(topic) {
  return {
    topic,
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 3_600_000,
    retryPolicy: { minBackoffMs: 1, maxBackoffMs: 1, maxRetries: 0 },
  };
}

function messageOf(n, deliverAt = null) {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  return {
    id,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey: null,
    traceparent,
    deliverAt,
    mayBeRepeat: false,
  };
}

async function open(t, adapter, config, topic) {
  const subscription = subscriptionOf(topic);
  const broker = adapter.createBroker(config);
  t.after(() => broker.close());
  await broker.declare([
    { name: topic, isOrdered: false, deliveryGuarantee: "at-least-once", subscriptions: [subscription] },
  ]);
  const seen = [];
  let isBroken = true;
  const consumer = broker.consume(subscription, {
    deliver: async ({ payload }) => {
      if (isBroken) return { kind: "failed", reason: "not today" };
      seen.push(JSON.parse(payload).n);
      return { kind: "handled" };
    },
    bury: async () => {},
  });
  t.after(() => consumer.stop(1_000));
  const mend = () => {
    isBroken = false;
  };
  return { broker, control: adapter.createTopicControl(config), seen, mend };
}

async function bothDieAndComeBack({ control, seen, mend }) {
  await eventually("two dead letters", async () => (await control.states())[0].deadLetters === 2);
  const letters = await control.deadLetters("orders", "mail", { limit: 10 });
  assert.deepEqual(letters.map(({ message }) => message.n).sort(), [1, 2]);
  mend();
  assert.equal(await control.replay("orders", "mail", { messageIds: [id] }), 2);
  await eventually("both", () => seen.length === 2);
  assert.deepEqual([...seen].sort(), [1, 2]);
  assert.deepEqual(await control.deadLetters("orders", "mail", { limit: 10 }), []);
}

describe("NATS", { skip: natsServerMissing }, () => {
  let server;
  before(async () => {
    server = await startNatsServer();
  });
  after(() => server?.stop());

  test("messages with one id, published long after each other, are both dead letters", async (t) => {
    const config = { servers: server.url, prefix: "ids" };
    const place = await open(t, nats, config, "orders");
    const link = await Link.open(config);
    t.after(() => link.close());
    const subject = link.names.of("orders", "mail").message(null);
    await link.publish(subject, encode(envelopeOf(messageOf(1), Date.now() - 1_200_000)));
    await link.publish(subject, encode(envelopeOf(messageOf(2), Date.now())));
    await bothDieAndComeBack(place);
  });

  for (const topic of ["dead", "ticket"]) {
    test(`a topic may be called ${topic}: its delayed messages come`, async (t) => {
      const { broker, seen, mend } = await open(t, nats, { servers: server.url, prefix: `called-${topic}` }, topic);
      mend();
      await broker.publish(topic, [messageOf(1, new Date(Date.now() + 200))]);
      await eventually("the message", () => seen.length === 1);
    });
  }
});

describe("Redis", { skip: redisServerMissing }, () => {
  let server;
  before(async () => {
    server = await startRedisServer();
  });
  after(() => server?.stop());

  test("messages with one id, published long after each other, are both dead letters", async (t) => {
    const place = await open(t, redis, { url: server.url }, "orders");
    await place.broker.publish("orders", [messageOf(1)]);
    await place.broker.publish("orders", [messageOf(2)]);
    await bothDieAndComeBack(place);
  });
});
