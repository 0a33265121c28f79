// Brokers as `tenon deploy terraform --broker managed` writes them, made in moto and in Google's fake of Pub/Sub with the very arguments: the engines
// take them, and messages reach who is subscribed.
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import * as aws from "@tenon/aws-sns-sqs";
import * as google from "@tenon/gcp-pubsub";
import { awsServerMissing, peek, startAwsServer } from "../harness/aws-server.mjs";
import { pubsubPeerMissing, startPubsubPeer } from "../harness/pubsub-peer.mjs";
import { filledIn, testTerraformBroker } from "../harness/terraform-broker.mjs";

testTerraformBroker({ cloud: "aws", skip: awsServerMissing, make: makeAtAmazon });
testTerraformBroker({ cloud: "google", skip: pubsubPeerMissing, make: makeAtGoogle });

async function makeAtAmazon({ resource }) {
  const server = await startAwsServer();
  const { sns, sqs } = server.clients;
  const made = new Map();
  for (const [name, body] of Object.entries(resource.aws_sns_topic)) {
    const Attributes = topicAttributes(body);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: filledIn(body.name, made), Attributes }));
    made.set(`aws_sns_topic.${name}.arn`, TopicArn);
  }
  for (const [name, body] of Object.entries(resource.aws_sqs_queue)) {
    const Attributes = queueAttributes(body);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: filledIn(body.name, made), Attributes }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
    made.set(`aws_sqs_queue.${name}.url`, QueueUrl);
    made.set(`aws_sqs_queue.${name}.arn`, (await sqs.send(asked)).Attributes.QueueArn);
  }
  for (const body of Object.values(resource.aws_sns_topic_subscription)) {
    const { topic_arn: TopicArn, protocol, endpoint, raw_message_delivery: isRaw } = filledIn(body, made);
    const Attributes = { RawMessageDelivery: String(isRaw) };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: endpoint, Attributes }));
  }
  return {
    made,
    // With one thread, moto answers nobody else while a request waits.
    open: (settings) => aws.createBroker({ ...settings, endpoint: server.url, waitSeconds: 0 }),
    deadLetters: async (name) => (await peek(server, made.get(`aws_sqs_queue.${name}_dead.url`))).length,
    stop: () => server.stop(),
  };
}

function topicAttributes({ kms_master_key_id: KmsMasterKeyId, fifo_topic: isFifo }) {
  return { KmsMasterKeyId, ...(isFifo === true ? { FifoTopic: "true", ContentBasedDeduplication: "false" } : {}) };
}

function queueAttributes(body) {
  const fifo = {
    FifoQueue: "true",
    ContentBasedDeduplication: "false",
    DeduplicationScope: body.deduplication_scope,
    FifoThroughputLimit: body.fifo_throughput_limit,
  };
  return {
    SqsManagedSseEnabled: String(body.sqs_managed_sse_enabled),
    MessageRetentionPeriod: String(body.message_retention_seconds),
    VisibilityTimeout: String(body.visibility_timeout_seconds),
    ReceiveMessageWaitTimeSeconds: "0",
    ...(body.fifo_queue === true ? fifo : {}),
  };
}

async function makeAtGoogle({ resource }) {
  const server = await startPubsubPeer();
  const made = new Map([["var.project", "shop-project"]]);
  const names = { topics: "google_pubsub_topic", subscriptions: "google_pubsub_subscription" };
  for (const [kind, type] of Object.entries(names)) {
    for (const [name, body] of Object.entries(resource[type])) {
      const own = filledIn(body.name, made);
      made.set(`${type}.${name}.name`, own);
      made.set(`${type}.${name}.id`, `projects/shop-project/${kind}/${own}`);
    }
  }
  for (const name of Object.keys(resource.google_pubsub_topic))
    await server.create(made.get(`google_pubsub_topic.${name}.id`));
  for (const [name, body] of Object.entries(resource.google_pubsub_subscription)) {
    await server.create(made.get(`google_pubsub_subscription.${name}.id`), subscriptionOf(filledIn(body, made)));
  }
  return {
    made,
    open: (settings) => google.createBroker({ ...settings, endpoint: server.url }),
    deadLetters: async (name) => {
      const path = made.get(`google_pubsub_subscription.${name}_dead.id`);
      const body = JSON.stringify({ maxMessages: 10, returnImmediately: true });
      const answer = await fetch(`${server.url}/v1/${path}:pull`, { method: "POST", body });
      return ((await answer.json()).receivedMessages ?? []).length;
    },
    stop: () => server.stop(),
  };
}

function subscriptionOf({ dead_letter_policy: [policy] = [], ...body }) {
  const deadLetterPolicy = policy && {
    deadLetterTopic: policy.dead_letter_topic,
    maxDeliveryAttempts: policy.max_delivery_attempts,
  };
  return {
    topic: body.topic,
    ackDeadlineSeconds: body.ack_deadline_seconds,
    // The fake allows the seven days that Google once did.
    messageRetentionDuration: `${Math.min(Number.parseInt(body.message_retention_duration, 10), 604_800)}s`,
    enableMessageOrdering: body.enable_message_ordering === true,
    ...(deadLetterPolicy === undefined ? {} : { deadLetterPolicy }),
  };
}
