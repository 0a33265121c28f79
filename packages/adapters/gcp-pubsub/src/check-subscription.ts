// Whether a subscription of Google Cloud is made so that it can keep what the app's subscription promises.
import { EngineCannot, type SubscriptionSpec } from "@tenon/runtime/engine";
import type { PlacedSubscription } from "./config.ts";
import { engineName } from "./engine-name.ts";
import type { SubscriptionFacts } from "./pubsub-api.ts";

/** The service takes no larger max_delivery_attempts. */
const mostDeliveryAttempts = 100;
/** Of a subscription that does not say. */
const usualRetention = "604800s";

export interface CheckedSubscription {
  readonly deadTopicPath: string;
  readonly maxDeliveryAttempts: number;
  /** The service forgets a message so long after it was published, whether somebody has it or not. */
  readonly retentionMs: number;
}

/** Throws EngineCannot. */
export function checkSubscription(
  spec: SubscriptionSpec,
  place: PlacedSubscription,
  facts: SubscriptionFacts,
): CheckedSubscription {
  const cannot = (lacking: string) =>
    new EngineCannot(engineName, `${spec.topic}/${spec.name}`, `${place.path} ${lacking}`);
  if ((facts.pushConfig?.pushEndpoint ?? "") !== "") throw pushed(spec);
  if (facts.topic !== place.topicPath) throw cannot(`is of ${facts.topic}, and infra.json names ${place.topicPath}`);
  if (spec.isOrdered && facts.enableMessageOrdering !== true) {
    throw cannot("keeps no order: make it again with enable_message_ordering");
  }
  const { deadLetterTopic, maxDeliveryAttempts = 0 } = facts.deadLetterPolicy ?? {};
  if (deadLetterTopic === undefined || deadLetterTopic === "") {
    throw cannot("does not count its deliveries: give it a dead_letter_policy");
  }
  if (place.deadTopicPath !== undefined && place.deadTopicPath !== deadLetterTopic) {
    throw cannot(`has its dead letters in ${deadLetterTopic}, and infra.json names ${place.deadTopicPath}`);
  }
  const needed = Math.min(spec.retryPolicy.maxRetries + 2, mostDeliveryAttempts);
  if (maxDeliveryAttempts < needed) {
    throw cannot(`gives up after ${maxDeliveryAttempts} deliveries: set max_delivery_attempts to ${needed} or more`);
  }
  const retentionMs = retentionMsOf(facts);
  if (retentionMs < spec.messageRetentionMs) {
    throw cannot(
      `forgets messages after ${facts.messageRetentionDuration ?? usualRetention}: set message_retention_duration to ${spec.messageRetentionMs / 1_000}s or more, or messageRetention of the subscription to less`,
    );
  }
  return { deadTopicPath: deadLetterTopic, maxDeliveryAttempts, retentionMs };
}

export function pushed({ topic, name }: SubscriptionSpec): EngineCannot {
  return new EngineCannot(
    engineName,
    `${topic}/${name}`,
    "Pub/Sub pushes its messages to an address, and this process pulls them: make it a subscription without push_config, or run its service as a function (`tenon deploy gcf`)",
  );
}

function retentionMsOf({ messageRetentionDuration = usualRetention }: SubscriptionFacts): number {
  return Number(messageRetentionDuration.replace(/s$/, "")) * 1_000;
}
