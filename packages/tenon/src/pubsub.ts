// `tenon/pubsub`: topics, what is published to them, and who takes it.
export {
  type Attribute,
  type AttributesOf,
  type DeliveryGuarantee,
  type MessageContext,
  MessagingError,
  type MessagingErrorCode,
  type Publisher,
  type RetryPolicy,
  Subscription,
  type SubscriptionConfig,
  Topic,
  type TopicConfig,
  type TopicPerms,
} from "@tenon/runtime";
export type { DurationString } from "@tenon/model";
