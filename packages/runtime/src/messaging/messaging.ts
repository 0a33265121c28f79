// The messaging of this process: the broker, and what the graph and the codecs say about each topic. Topics are made when modules load
// and know nothing but their names; they find the rest here. One per process.
import type { Codec, Subscription, Topic } from "@tenon/model";
import type { Broker, SubscriptionSpec, TopicSpec } from "./broker.ts";
import { MessagingError } from "./errors.ts";
import { longestHandlingMs } from "./longest-handling.ts";

export interface KnownTopic {
  readonly topic: Topic;
  /** Absent where no service of this process has to do with it. */
  readonly codec: Codec | undefined;
}

export interface Messaging {
  readonly broker: Broker;
  readonly topics: ReadonlyMap<string, KnownTopic>;
}

let installed: Messaging | undefined;

export function installMessaging(messaging: Messaging | undefined): void {
  installed = messaging;
}

/** Throws MessagingError `messaging_not_configured` or `topic_unknown`. */
export function messagingFor(topic: string): { broker: Broker; topic: Topic; codec: Codec } {
  if (installed === undefined) throw new MessagingError("messaging_not_configured", { topic });
  const known = installed.topics.get(topic);
  if (known?.codec === undefined) throw new MessagingError("topic_unknown", { topic });
  return { broker: installed.broker, topic: known.topic, codec: known.codec };
}

/** What a subscription without a limit takes at once: more than any process can make use of. */
const withoutLimit = 10_000;

export function topicSpecs(topics: readonly Topic[]): TopicSpec[] {
  return topics.map((topic) => ({
    name: topic.name,
    isOrdered: topic.orderingAttribute !== undefined,
    deliveryGuarantee: topic.deliveryGuarantee,
    subscriptions: topic.subscriptions.map((subscription) => subscriptionSpec(topic, subscription)),
  }));
}

export function subscriptionSpec(topic: Topic, subscription: Subscription): SubscriptionSpec {
  const { name, filter, maxConcurrency, ackDeadlineMs, messageRetentionMs, retryPolicy } = subscription;
  return {
    topic: topic.name,
    name,
    isOrdered: topic.orderingAttribute !== undefined,
    filter: filter ?? null,
    maxConcurrency: maxConcurrency ?? withoutLimit,
    ackDeadlineMs: Math.min(ackDeadlineMs, longestHandlingMs),
    messageRetentionMs,
    retryPolicy,
  };
}
