// What the parts of a consumer need of the subscription that they take from.
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import type { AckWriter } from "./ack-writer.ts";
import type { PubsubApi } from "./pubsub-api.ts";

export interface SubscriptionLink {
  readonly spec: SubscriptionSpec;
  readonly api: PubsubApi;
  readonly writer: AckWriter;
  /** Whole names, as all here. */
  readonly path: string;
  readonly topicPath: string;
  readonly deadTopicPath: string;
  /** Deliveries after which the service makes a dead letter of a message by itself. */
  readonly maxDeliveryAttempts: number;
  /** The service forgets a message so long after it was published. */
  readonly retentionMs: number;
}
