// Pub/Sub as the broker: a topic for each topic, a subscription for each subscription, and for its dead letters a topic and a subscription, to which
// the engine publishes them itself.
import type { Deployment, Edge } from "../../../deployment/deployment.ts";
import type { Json } from "../../../deployment/unit-infra.ts";
import {
  publishedTopics,
  type Subscription,
  takenSubscriptions,
  type Topic,
  type UsedTopic,
  usedTopics,
} from "../../../deployment/topic-uses.ts";
import { type Block, type Body, label, ref, resource } from "../blocks.ts";
import { subscribedBlock } from "../broker-needs.ts";
import { refuseExactlyOnce, refuseLongNames, refuseLongRetention } from "../broker-limits.ts";
import type { Binding } from "./grants.ts";

/** The longest that Pub/Sub keeps what nobody has acknowledged. When messages become dead letters the engine says, which is sooner. */
const retentionSeconds = 31 * 24 * 60 * 60;
const shortestLeaseSeconds = 10;
const longestLeaseSeconds = 600;
const mostDeliveryAttempts = 100;
const deadSuffix = "-dead";

export const brokerNote =
  "Pub/Sub's own service account may publish to the topics of dead letters and take from the subscriptions: it follows their dead letter policies.";

/** Throws DeployError `target_unable`, `name_not_deployable`. */
export function brokerBlocks({ topics }: Deployment): readonly Block[] {
  if (topics.length === 0) return [];
  refuseExactlyOnce(topics, "Pub/Sub");
  refuseLongRetention(topics, { name: "Pub/Sub", mostMs: retentionSeconds * 1_000, unit: "31 days" });
  refuseLongNames(topics, 255 - deadSuffix.length);
  const names = topics.flatMap((topic) => topic.subscriptions.map((one) => subscriptionLabel(topic, one)));
  return [
    ...topics.flatMap((topic) => [
      topicBlock(label(topic.name), topic.name),
      ...topic.subscriptions.flatMap((subscription) => subscriptionBlocks(topic, subscription)),
    ]),
    subscribedBlock(names.map((name) => `google_pubsub_subscription.${name}`)),
  ];
}

/** What the engine does with the broker, on single topics and subscriptions. */
export function brokerBindings(deployment: Deployment): readonly Binding[] {
  return deployment.units.flatMap(({ name: unit }) => [
    ...publishingEdges(deployment, unit).map(([topic, because]) =>
      publisher(unit, label(topic), `topic ${topic}`, because),
    ),
    ...takenSubscriptions(deployment, unit).flatMap(({ topic, subscription, because }): Binding[] => {
      const own = subscriptionLabel(topic, subscription);
      const text = `${topic.name}/${subscription.name}`;
      const onSubscription = (role: string, name: string): Binding => ({
        type: "google_pubsub_subscription_iam_member",
        name: `${label(unit)}_${name}_${own}`,
        unit,
        role,
        on: { subscription: ref(`google_pubsub_subscription.${own}.name`) },
        onText: `subscription ${text}`,
        because,
      });
      return [
        onSubscription("roles/pubsub.subscriber", "takes"),
        // The engine looks whether the subscription is ordered and has dead letters.
        onSubscription("roles/pubsub.viewer", "sees"),
        publisher(unit, deadLabel(own), `dead letters of ${text}`, because),
      ];
    }),
  ]);
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
    const own = subscriptions.map((subscription): [string, Json] => {
      const name = subscriptionLabel(topic, subscription);
      const dead = deadLabel(name);
      const dead_letter = { topic: topicName(dead), subscription: ref(`google_pubsub_subscription.${dead}.name`) };
      return [subscription.name, { name: ref(`google_pubsub_subscription.${name}.name`), dead_letter }];
    });
    return [topic.name, { name: topicName(label(topic.name)), subscriptions: Object.fromEntries(own) }];
  });
  return { type: "gcp_pubsub", project_id: ref("var.project"), topics: Object.fromEntries(topics) };
}

/** Topic -> edges. Who takes from a topic publishes to it too: a message that waits long is replaced by a copy for its subscription. */
function publishingEdges(deployment: Deployment, unit: string): readonly (readonly [string, readonly Edge[]])[] {
  const all = new Map<string, readonly Edge[]>();
  for (const { topic, because } of [...publishedTopics(deployment, unit), ...takenSubscriptions(deployment, unit)]) {
    all.set(topic.name, [...(all.get(topic.name) ?? []), ...because]);
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
}

function publisher(unit: string, topic: string, onText: string, because: Binding["because"]): Binding {
  return {
    type: "google_pubsub_topic_iam_member",
    name: `${label(unit)}_publishes_${topic}`,
    unit,
    role: "roles/pubsub.publisher",
    on: { topic: topicName(topic) },
    onText,
    because,
  };
}

function topicBlock(name: string, ownName: string): Block {
  return resource("google_pubsub_topic", name, { name: googleName(ownName), labels: ref("local.labels") });
}

function subscriptionBlocks(topic: Topic, subscription: Subscription): readonly Block[] {
  const name = subscriptionLabel(topic, subscription);
  const dead = deadLabel(name);
  const own = `${topic.name}-${subscription.name}`;
  const leaseSeconds = Math.ceil(subscription.ackDeadlineMs / 1_000);
  return [
    subscriptionBlock(name, own, label(topic.name), {
      ack_deadline_seconds: Math.min(Math.max(leaseSeconds, shortestLeaseSeconds), longestLeaseSeconds),
      enable_message_ordering: topic.orderingAttribute !== undefined,
      // Pub/Sub counts deliveries only with one. The engine gives up earlier, as the subscription's retry policy says.
      dead_letter_policy: [
        { dead_letter_topic: ref(`google_pubsub_topic.${dead}.id`), max_delivery_attempts: mostDeliveryAttempts },
      ],
    }),
    topicBlock(dead, `${own}${deadSuffix}`),
    subscriptionBlock(dead, `${own}${deadSuffix}`, dead, { ack_deadline_seconds: 60 }),
    ...agentBlocks(name, dead),
  ];
}

/** What Pub/Sub's own account needs to follow the dead letter policy. */
function agentBlocks(name: string, dead: string): readonly Block[] {
  const member = `serviceAccount:service-${ref("data.google_project.main.number")}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  return [
    resource("google_pubsub_topic_iam_member", `pubsub_publishes_${dead}`, {
      topic: topicName(dead),
      role: "roles/pubsub.publisher",
      member,
    }),
    resource("google_pubsub_subscription_iam_member", `pubsub_takes_${name}`, {
      subscription: ref(`google_pubsub_subscription.${name}.name`),
      role: "roles/pubsub.subscriber",
      member,
    }),
  ];
}

/** Without an end: one that nobody takes from for a month would be deleted, with what waits in it. */
function subscriptionBlock(name: string, ownName: string, topic: string, more: Body): Block {
  return resource("google_pubsub_subscription", name, {
    name: googleName(ownName),
    topic: ref(`google_pubsub_topic.${topic}.id`),
    message_retention_duration: `${retentionSeconds}s`,
    expiration_policy: [{ ttl: "" }],
    labels: ref("local.labels"),
    ...more,
  });
}

function googleName(name: string): string {
  return `${ref("var.name")}-${name.replaceAll(/[^A-Za-z0-9._~+%-]+/g, "-")}`;
}

function subscriptionLabel(topic: Topic, subscription: Subscription): string {
  return label(`${topic.name}_${subscription.name}`);
}

function deadLabel(subscription: string): string {
  return `${subscription}_dead`;
}

function topicName(topic: string): string {
  return ref(`google_pubsub_topic.${topic}.name`);
}
