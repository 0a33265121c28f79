// SNS and SQS as the broker: a topic for each topic, and for each subscription a queue, and one more for its dead letters, which the engine moves
// there itself. Messages of a queue come from its topic alone.
import type { Deployment } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import {
  publishedTopics,
  type Subscription,
  takenSubscriptions,
  type Topic,
  type UsedTopic,
  usedTopics,
} from "../../../deployment/topic-uses.ts";
import { type Block, type Body, data, label, ref, resource } from "../blocks.ts";
import { subscribedBlock } from "../broker-needs.ts";
import { refuseLongNames, refuseLongRetention } from "../broker-limits.ts";
import { sidText, type Statement } from "./grants.ts";

/** Fourteen days are the longest that SQS keeps anything. When messages become dead letters the engine says, which is sooner. */
const retentionSeconds = 14 * 24 * 60 * 60;
/** The longest lease of SQS. */
const longestLeaseSeconds = 12 * 60 * 60;
const longestName = 80;
const fifoSuffix = ".fifo";
const deadSuffix = "-dead";

/** Throws DeployError `target_unable`, `name_not_deployable`. */
export function brokerBlocks({ topics }: Deployment): readonly Block[] {
  if (topics.length === 0) return [];
  refuseLongRetention(topics, { name: "SQS", mostMs: retentionSeconds * 1_000, unit: "14 days" });
  refuseLongNames(topics, longestName - Math.max(deadSuffix.length, fifoSuffix.length));
  const queues = topics.flatMap((topic) => topic.subscriptions.map((one) => queueLabel(topic, one)));
  return [
    ...topics.flatMap((topic) => [
      topicBlock(topic),
      ...topic.subscriptions.flatMap((subscription) => queueBlocks(topic, subscription)),
    ]),
    subscribedBlock(queues.map((queue) => `aws_sns_topic_subscription.${queue}`)),
  ];
}

/** What the engine does with the broker, on single topics and queues. */
export function brokerStatements(deployment: Deployment): readonly Statement[] {
  return deployment.units.flatMap(({ name: unit }) => {
    const common = { role: "run", unit } as const;
    return [
      ...publishedTopics(deployment, unit).map(
        ({ topic, because }): Statement => ({
          ...common,
          sid: `Publish${sidText(label(topic.name))}`,
          actions: ["sns:Publish"],
          resources: [topicArn(topic)],
          on: `topic ${topic.name}`,
          because,
        }),
      ),
      ...takenSubscriptions(deployment, unit).flatMap(({ topic, subscription, because }): Statement[] => {
        const queue = queueLabel(topic, subscription);
        const text = `queue of ${topic.name}/${subscription.name}`;
        return [
          {
            ...common,
            sid: `Take${sidText(queue)}`,
            actions: [
              "sqs:ChangeMessageVisibility",
              "sqs:DeleteMessage",
              "sqs:GetQueueAttributes",
              "sqs:ReceiveMessage",
            ],
            resources: [queueArn(queue)],
            on: text,
            because,
          },
          {
            ...common,
            sid: `Put${sidText(queue)}`,
            actions: ["sqs:SendMessage"],
            // A message that a stopping process gives back is replaced by a copy, which counts no attempt; in a FIFO queue that would lose its place.
            resources: [...(isFifo(topic) ? [] : [queueArn(queue)]), queueArn(deadLabel(queue))],
            on: isFifo(topic) ? `dead letters of the ${text}` : `${text} and its dead letters`,
            because,
          },
        ];
      }),
    ];
  });
}

/** The entry of `pubsub`, with what the process uses and nothing else. */
export function brokerPlace(deployment: Deployment, unit: string): Body {
  return placeOf(usedTopics(deployment, unit));
}

/** With all topics and subscriptions. */
export function wholeBrokerPlace({ topics }: Deployment): Body {
  return placeOf(topics.map((topic) => ({ topic, subscriptions: topic.subscriptions })));
}

function placeOf(used: readonly UsedTopic[]): Body {
  const topics = used.map(({ topic, subscriptions }): [string, Json] => {
    const queues = subscriptions.map((subscription): [string, Json] => {
      const queue = queueLabel(topic, subscription);
      return [subscription.name, { url: queueUrl(queue), dead_letter_url: queueUrl(deadLabel(queue)) }];
    });
    return [topic.name, { arn: topicArn(topic), subscriptions: Object.fromEntries(queues) }];
  });
  return { type: "aws_sns_sqs", topics: Object.fromEntries(topics) };
}

/** The kind that keeps an order, and knows what it has seen. */
function isFifo({ orderingAttribute, deliveryGuarantee }: Topic): boolean {
  return orderingAttribute !== undefined || deliveryGuarantee === "exactly-once";
}

function topicBlock(topic: Topic): Block {
  return resource("aws_sns_topic", label(topic.name), {
    name: awsName(topic.name, isFifo(topic)),
    kms_master_key_id: "alias/aws/sns",
    ...(isFifo(topic)
      ? { fifo_topic: true, content_based_deduplication: false, fifo_throughput_scope: "MessageGroup" }
      : {}),
  });
}

function queueBlocks(topic: Topic, subscription: Subscription): readonly Block[] {
  const name = queueLabel(topic, subscription);
  const own = `${topic.name}-${subscription.name}`;
  const leaseSeconds = Math.ceil(subscription.ackDeadlineMs / 1_000);
  return [
    queueBlock(name, own, isFifo(topic), Math.min(leaseSeconds, longestLeaseSeconds)),
    // Letters wait for no others.
    queueBlock(deadLabel(name), `${own}${deadSuffix}`, false, 30),
    data("aws_iam_policy_document", `queue_${name}`, {
      statement: [
        {
          sid: "SendByTopic",
          actions: ["sqs:SendMessage"],
          resources: [queueArn(name)],
          principals: [{ type: "Service", identifiers: ["sns.amazonaws.com"] }],
          condition: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [topicArn(topic)] }],
        },
      ],
    }),
    resource("aws_sqs_queue_policy", name, {
      queue_url: queueUrl(name),
      policy: ref(`data.aws_iam_policy_document.queue_${name}.json`),
    }),
    resource("aws_sns_topic_subscription", name, {
      topic_arn: topicArn(topic),
      protocol: "sqs",
      endpoint: queueArn(name),
      raw_message_delivery: true,
      depends_on: [`aws_sqs_queue_policy.${name}`],
    }),
  ];
}

function queueBlock(name: string, ownName: string, isInOrder: boolean, leaseSeconds: number): Block {
  return resource("aws_sqs_queue", name, {
    name: awsName(ownName, isInOrder),
    ...(isInOrder
      ? {
          fifo_queue: true,
          content_based_deduplication: false,
          deduplication_scope: "messageGroup",
          fifo_throughput_limit: "perMessageGroupId",
        }
      : {}),
    sqs_managed_sse_enabled: true,
    message_retention_seconds: retentionSeconds,
    visibility_timeout_seconds: leaseSeconds,
    receive_wait_time_seconds: 20,
  });
}

function awsName(name: string, isInOrder: boolean): string {
  return `${ref("var.name")}-${name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}${isInOrder ? fifoSuffix : ""}`;
}

function queueLabel(topic: Topic, subscription: Subscription): string {
  return label(`${topic.name}_${subscription.name}`);
}

function deadLabel(queue: string): string {
  return `${queue}_dead`;
}

function topicArn({ name }: Topic): string {
  return ref(`aws_sns_topic.${label(name)}.arn`);
}

function queueArn(queue: string): string {
  return ref(`aws_sqs_queue.${queue}.arn`);
}

function queueUrl(queue: string): string {
  return ref(`aws_sqs_queue.${queue}.url`);
}
