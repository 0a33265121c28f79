// The suite of engines on Amazon SNS and SQS, as moto imitates them in memory; and what is theirs alone: envelopes, redrive policies,
// attributes of queues that would break a promise, and functions that are handed what the engine has published.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as adapter from "@tenon/aws-sns-sqs";
import { testEngine } from "@tenon/runtime/engine-suite";
import { LambdaFunction } from "@tenon/runtime/functions";
import {
  awsServerMissing,
  lambdaEvent,
  makeQueue,
  makeSubscription,
  makeTopic,
  peek,
  startAwsServer,
  subscribe,
} from "../harness/aws-server.mjs";
import { eventually } from "../harness/eventually.mjs";

let server;
let places = 0;

before(async () => {
  if (!awsServerMissing) server = await startAwsServer();
});
after(() => server?.stop());

/** With one thread, moto answers nobody else while a request waits. */
function newPlace(changes = {}) {
  return { endpoint: server.url, waitSeconds: 0, topics: {}, ...changes };
}

/** Of each place, one after the other. */
const preparations = new WeakMap();

function prepare(place, topic) {
  const preparation = (preparations.get(place) ?? Promise.resolve()).then(() => prepareTopic(place, topic));
  preparations.set(place, preparation);
  return preparation;
}

async function prepareTopic(place, { name, isOrdered, subscriptions }) {
  const known = place.topics[name] ?? {
    arn: await makeTopic(server, `p${++places}-${name}`, isOrdered),
    subscriptions: {},
  };
  place.topics[name] = known;
  const isFifo = known.arn.endsWith(".fifo");
  for (const subscription of subscriptions) {
    if (known.subscriptions[subscription.name] !== undefined) continue;
    const queueName = `${known.arn.split(":").at(-1).replace(".fifo", "")}-${subscription.name}`;
    const queue = await makeQueue(server, queueName, isFifo);
    const letters = await makeQueue(server, `${queueName}-dead`, isFifo);
    await subscribe(server, known.arn, queue.arn);
    // Without a redrive policy, which would allow for a thousand attempts.
    known.subscriptions[subscription.name] = { url: queue.url, deadLetterUrl: letters.url };
  }
}

testEngine({
  name: "Amazon SNS and SQS",
  adapter,
  newPlace: async () => newPlace(),
  prepare,
  cannot: ["order-changes", "repeats", "large-messages", "exactly-once", "uncounted-ordered-interruptions"],
  skip: awsServerMissing,
});

const mail = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 600_000,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

function topicOf(subscription) {
  const { topic: name, isOrdered } = subscription;
  return { name, isOrdered, deliveryGuarantee: "at-least-once", subscriptions: [subscription] };
}

function messageOf(n, changes = {}) {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey: null,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    deliverAt: null,
    mayBeRepeat: false,
    ...changes,
  };
}

/** Eleven, one of which SNS could not take by itself. */
const attributes = {
  empty: "",
  ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`name${n}`, `"vält" ${n}`])),
};

/** A broker that knows the subscription in the place. */
async function open(t, place, subscription) {
  const broker = adapter.createBroker(place);
  t.after(() => broker.close());
  await broker.declare([topicOf(subscription)]);
  return broker;
}

function consume(t, broker, subscription) {
  const seen = [];
  const consumer = broker.consume(subscription, {
    deliver: async (delivery) => {
      seen.push(delivery);
      return { kind: "handled" };
    },
    bury: async () => {},
  });
  t.after(() => consumer.stop(1_000));
  return seen;
}

describe("Amazon SNS and SQS", { skip: awsServerMissing }, () => {
  for (const isRaw of [true, false]) {
    test(`a message is the same ${isRaw ? "as it is" : "in an envelope of SNS's"}, for processes and for functions`, async (t) => {
      const name = `carried-${isRaw}`;
      const arn = await makeTopic(server, name, false);
      const { queue } = await makeSubscription(server, arn, name, { isRaw });
      const place = newPlace({ topics: { orders: { arn, subscriptions: { mail: { url: queue.url } } } } });
      const broker = await open(t, place, mail);
      const payload = JSON.stringify({ n: 1, text: "späte \uffff\ufffe 🎁" });
      await broker.publish("orders", [messageOf(1, { attributes, payload })]);

      const handed = [];
      const host = {
        subscriptions: ["orders/mail"],
        concurrencyOf: () => 1,
        deliver: async (_, message) => {
          handed.push(message);
          return { kind: "handled" };
        },
        settle: async () => {},
      };
      const lambda = new LambdaFunction(host, { queues: undefined, basePath: undefined });
      const event = lambdaEvent(await peek(server, queue.url), queue.arn);
      const result = await lambda.handler(event, { getRemainingTimeInMillis: () => 30_000 });
      assert.deepEqual(result, { batchItemFailures: [] });

      const seen = consume(t, broker, mail);
      await eventually("the message", () => seen.length === 1);
      for (const { id, payload: text, attributes: found, orderingKey, traceparent, publishedAt } of [
        ...handed,
        ...seen,
      ]) {
        assert.deepEqual(JSON.parse(text), JSON.parse(payload));
        assert.deepEqual(
          [id, found, orderingKey, traceparent],
          [messageOf(1).id, attributes, null, messageOf(1).traceparent],
        );
        assert.ok(Math.abs(publishedAt.getTime() - Date.now()) < 3_600_000);
      }
      assert.equal(handed.length, 1);
    });
  }

  test("a function gives back what comes before its time", async (t) => {
    const arn = await makeTopic(server, "early", false);
    const { queue } = await makeSubscription(server, arn, "early");
    const place = newPlace({ topics: { orders: { arn, subscriptions: { mail: { url: queue.url } } } } });
    const broker = await open(t, place, mail);
    await broker.publish("orders", [messageOf(1, { deliverAt: new Date(Date.now() + 60_000) }), messageOf(2)]);
    const handed = [];
    const host = {
      subscriptions: ["orders/mail"],
      concurrencyOf: () => 1,
      deliver: async (_, { id }) => {
        handed.push(id);
        return { kind: "handled" };
      },
      settle: async () => {},
    };
    const lambda = new LambdaFunction(host, { queues: undefined, basePath: undefined });
    const messages = await peek(server, queue.url);
    const result = await lambda.handler(lambdaEvent(messages, queue.arn), { getRemainingTimeInMillis: () => 30_000 });
    const early = messages.find(({ Body }) => Body === '{"n":1}');
    assert.deepEqual(result, { batchItemFailures: [{ itemIdentifier: early.MessageId }] });
    assert.deepEqual(handed, [messageOf(2).id]);
  });

  test("a FIFO topic knows a message again that is said to be one", async (t) => {
    const arn = await makeTopic(server, "again", true);
    const { queue } = await makeSubscription(server, arn, "again", { isFifo: true });
    const place = newPlace({ topics: { orders: { arn, subscriptions: { mail: { url: queue.url } } } } });
    const broker = await open(t, place, mail);
    assert.equal(broker.remembersIds("orders"), true);
    const repeat = messageOf(1, { mayBeRepeat: true });
    for (let time = 0; time < 2; time++) await broker.publish("orders", [repeat, messageOf(2)]);
    const [{ backlog }] = await adapter.createTopicControl(place).states();
    assert.equal(backlog, 3);
  });

  test("what SQS itself has moved to the dead letters is found there, and can be replayed", async (t) => {
    const arn = await makeTopic(server, "moved", false);
    const letters = await makeQueue(server, "moved-dead", false);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: letters.arn, maxReceiveCount: 3 });
    const queue = await makeQueue(server, "moved", false, { RedrivePolicy });
    await subscribe(server, arn, queue.arn);
    const place = newPlace({ topics: { orders: { arn, subscriptions: { mail: { url: queue.url } } } } });
    const broker = await open(t, place, mail);
    await broker.publish("orders", [messageOf(1)]);
    for (let receive = 0; receive < 3; receive++) assert.equal((await peek(server, queue.url)).length, 1);
    assert.equal((await peek(server, queue.url)).length, 0);

    const control = adapter.createTopicControl(place);
    const [letter] = await control.deadLetters("orders", "mail", { limit: 10 });
    assert.deepEqual([letter.messageId, letter.message], [messageOf(1).id, { n: 1 }]);
    assert.match(letter.reason, /SQS moved it/);
    assert.equal(await control.replay("orders", "mail", {}), 1);
    const seen = consume(t, broker, mail);
    await eventually("the replay", () => seen.length === 1);
    assert.deepEqual([seen[0].id, seen[0].attempt], [messageOf(1).id, 1]);
  });

  test("queues that would break a promise are refused, with what to set", async (t) => {
    const arn = await makeTopic(server, "refused", false);
    const letters = await makeQueue(server, "refused-dead", false);
    const redriveAfter = (maxReceiveCount) => JSON.stringify({ deadLetterTargetArn: letters.arn, maxReceiveCount });
    const refusalOf = async (name, attributes, subscription = mail, deadLetterUrl = undefined) => {
      const { url } = await makeQueue(server, name, false, attributes);
      const subscriptions = { mail: { url, ...(deadLetterUrl === undefined ? {} : { deadLetterUrl }) } };
      const place = newPlace({ topics: { orders: { arn, subscriptions } } });
      return await open(t, place, subscription).then(
        () => undefined,
        (error) => {
          assert.equal(error.code, "engine_cannot");
          return error.message;
        },
      );
    };
    assert.match(await refusalOf("refused-1", {}), /no place for dead letters.*dead_letter_url/);
    assert.equal(await refusalOf("refused-2", {}, mail, letters.url), undefined);
    assert.match(await refusalOf("refused-3", { RedrivePolicy: redriveAfter(2) }), /after 2 times.*to 3 or more/);
    const brief = { RedrivePolicy: redriveAfter(3), MessageRetentionPeriod: "60" };
    assert.match(await refusalOf("refused-4", brief), /MessageRetentionPeriod to 14 days/);
    const slow = { ...mail, ackDeadlineMs: 12 * 3_600_000 };
    assert.match(await refusalOf("refused-5", {}, slow, letters.url), /12 hours at most/);
    const ordered = { ...mail, isOrdered: true };
    assert.match(await refusalOf("refused-6", {}, ordered, letters.url), /only FIFO ones keep an order/);
  });

  test("what infra.json does not name is refused where it is used", async (t) => {
    const broker = await open(t, newPlace(), mail);
    await assert.rejects(broker.publish("orders", [messageOf(1)]), { code: "engine_cannot" });
    assert.throws(() => broker.consume(mail, {}), { code: "engine_cannot" });
  });

  test("a delay that a queue would not live to see is refused", async (t) => {
    const arn = await makeTopic(server, "late", false);
    const { queue } = await makeSubscription(server, arn, "late");
    const place = newPlace({ topics: { orders: { arn, subscriptions: { mail: { url: queue.url } } } } });
    const week = { ...mail, messageRetentionMs: 7 * 86_400_000 };
    const broker = await open(t, place, week);
    const in8Days = new Date(Date.now() + 8 * 86_400_000);
    await assert.rejects(broker.publish("orders", [messageOf(1, { deliverAt: in8Days })]), /longest one is 7\.0 days/);
    const in6Days = new Date(Date.now() + 6 * 86_400_000);
    await broker.publish("orders", [messageOf(1, { deliverAt: in6Days })]);
  });
});
