// Topics and queues as `tenon deploy terraform --broker managed` writes them for AWS, made in moto with the very attributes: the engine takes them, and
// what one process publishes another gets, by the infra.json that each of them has.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { createBroker } from "@tenon/aws-sns-sqs";
import { awsServerMissing, peek, startAwsServer } from "../harness/aws-server.mjs";
import { eventually } from "../harness/eventually.mjs";
import { root } from "../harness/tenon.mjs";

const { configurationOf, sampleInput } = await import(
  join(root, "packages/deploy/dist/targets/terraform/terraform.test.support.js")
);
const { resolveInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));

const usual = sampleInput("aws", "per-service", { broker: "managed" });
const [placed] = usual.graph.topics;
const moves = { ...placed, name: "moves", publishers: ["worker"], subscriptions: [], orderingAttribute: "item" };
const taken = { ...placed.subscriptions[0], name: "moves-media", service: "media" };
const graph = { ...usual.graph, topics: [{ ...moves, subscriptions: [taken] }, placed] };
const all = configurationOf(sampleInput("aws", "per-service", { broker: "managed" }, graph));

describe("topics and queues of Terraform", { skip: awsServerMissing }, () => {
  let server;
  /** "aws_sns_topic.placed.arn" -> what it is in moto. */
  const made = new Map();

  before(async () => {
    server = await startAwsServer();
    for (const [name, body] of Object.entries(all.resource.aws_sns_topic)) await makeTopic(name, body);
    for (const [name, body] of Object.entries(all.resource.aws_sqs_queue)) await makeQueue(name, body);
    for (const body of Object.values(all.resource.aws_sns_topic_subscription)) await subscribe(filledIn(body));
  });
  after(() => server?.stop());

  async function makeTopic(name, body) {
    const attributes = {
      KmsMasterKeyId: body.kms_master_key_id,
      ...(body.fifo_topic === true ? { FifoTopic: "true", ContentBasedDeduplication: "false" } : {}),
    };
    const { TopicArn } = await server.clients.sns.send(
      new CreateTopicCommand({ Name: filledIn(body.name), Attributes: attributes }),
    );
    made.set(`aws_sns_topic.${name}.arn`, TopicArn);
  }

  async function makeQueue(name, body) {
    const fifo = {
      FifoQueue: "true",
      ContentBasedDeduplication: "false",
      DeduplicationScope: body.deduplication_scope,
      FifoThroughputLimit: body.fifo_throughput_limit,
    };
    const attributes = {
      SqsManagedSseEnabled: String(body.sqs_managed_sse_enabled),
      MessageRetentionPeriod: String(body.message_retention_seconds),
      VisibilityTimeout: String(body.visibility_timeout_seconds),
      ReceiveMessageWaitTimeSeconds: "0",
      ...(body.fifo_queue === true ? fifo : {}),
    };
    const { sqs } = server.clients;
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: filledIn(body.name), Attributes: attributes }),
    );
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    made.set(`aws_sqs_queue.${name}.url`, QueueUrl);
    made.set(`aws_sqs_queue.${name}.arn`, Attributes.QueueArn);
  }

  async function subscribe({ topic_arn, protocol, endpoint, raw_message_delivery: isRaw }) {
    const Attributes = { RawMessageDelivery: String(isRaw) };
    await server.clients.sns.send(
      new SubscribeCommand({ TopicArn: topic_arn, Protocol: protocol, Endpoint: endpoint, Attributes }),
    );
  }

  /** With what Terraform would put in place of expressions. */
  function filledIn(value) {
    const text = JSON.stringify(value).replaceAll(/\$\{([^}]*)\}/g, (_, name) => made.get(name) ?? "shop");
    return JSON.parse(text);
  }

  /** The broker of a process, by the `pubsub` of its infra.json. */
  async function brokerOf(t, unit) {
    const { pubsub } = filledIn(all.locals[`infra_${unit}`]);
    const { infra, values } = await resolveInfra({ pubsub }, { environment: {}, folder: root });
    assert.deepEqual(values.problems, []);
    // With one thread, moto answers nobody else while a request waits.
    const broker = createBroker({ ...infra.messaging.settings, endpoint: server.url, waitSeconds: 0 });
    t.after(() => broker.close());
    await broker.declare(graph.topics.map(specOf));
    return broker;
  }

  function consume(t, broker, topic, name, outcome) {
    const spec = specOf(topic).subscriptions.find((one) => one.name === name);
    const seen = [];
    const deliver = async ({ payload }) => {
      seen.push(JSON.parse(payload));
      return outcome;
    };
    const consumer = broker.consume(spec, { deliver, bury: async () => {} });
    t.after(() => consumer.stop(1_000));
    return seen;
  }

  test("a message goes from one process to the subscriptions of others, each with its own places", async (t) => {
    const [orders, worker, billing] = await Promise.all(
      ["orders", "worker", "billing"].map((unit) => brokerOf(t, unit)),
    );
    const byWorker = consume(t, worker, placed, "placed-worker", { kind: "handled" });
    consume(t, billing, placed, "placed-billing", { kind: "refused", reason: "no such customer" });
    await orders.publish("placed", [messageOf(1, null)]);
    await eventually("the worker's message", () => byWorker.length > 0);
    assert.deepEqual(byWorker, [{ n: 1 }]);
    const dead = made.get("aws_sqs_queue.placed_placed_billing_dead.url");
    await eventually("the dead letter of billing", async () => (await peek(server, dead)).length === 1);
  });

  test("messages of an ordered topic come in their order", async (t) => {
    const [worker, media] = await Promise.all(["worker", "media"].map((unit) => brokerOf(t, unit)));
    const [ordered] = graph.topics;
    const byMedia = consume(t, media, ordered, "moves-media", { kind: "handled" });
    await worker.publish(
      "moves",
      [1, 2, 3].map((n) => messageOf(n, "screws")),
    );
    await eventually("the messages of media", () => byMedia.length === 3);
    assert.deepEqual(byMedia, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test("what a process has no place for it can't publish to", async (t) => {
    const media = await brokerOf(t, "media");
    await assert.rejects(media.publish("placed", [messageOf(1, null)]), /placed/);
  });
});

function specOf({ name, orderingAttribute, deliveryGuarantee, subscriptions }) {
  const isOrdered = orderingAttribute !== undefined;
  return {
    name,
    isOrdered,
    deliveryGuarantee,
    subscriptions: subscriptions.map((one) => ({ ...one, topic: name, isOrdered, filter: null, maxConcurrency: 10 })),
  };
}

function messageOf(n, orderingKey) {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    payload: JSON.stringify({ n }),
    attributes: {},
    orderingKey,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    deliverAt: null,
    mayBeRepeat: false,
  };
}
