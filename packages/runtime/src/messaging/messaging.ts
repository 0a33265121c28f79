// The messaging of this process: the broker, and what the graph and the codecs say about each topic. Topics are made when modules load
// and know nothing but their names; they find the rest here. One per process.
import type { Codec, Topic } from "@tenon/model";
import type { Broker, TopicSpec } from "./broker.ts";
import { MessagingError } from "./errors.ts";

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

/** So many deliveries of one subscription run at once in a process whose subscription says nothing else, as Encore.ts has it. */
const defaultConcurrency = 100;

export function topicSpecs(topics: readonly Topic[]): TopicSpec[] {
  return topics.map(({ name, orderingAttribute, deliveryGuarantee, subscriptions }) => {
    const isOrdered = orderingAttribute !== undefined;
    return {
      name,
      isOrdered,
      deliveryGuarantee,
      subscriptions: subscriptions.map((subscription) => ({
        ...subscription,
        topic: name,
        isOrdered,
        filter: null,
        maxConcurrency: subscription.maxConcurrency ?? defaultConcurrency,
      })),
    };
  });
}
