// `tenon/pubsub`: topics, what is published to them, and who takes it.
export {
  type Attribute,
  type AttributesOf,
  type DeliveryGuarantee,
  type MessageContext,
  MessagingError,
  type MessagingErrorCode,
  type Publisher,
  Subscription,
  type SubscriptionConfig,
  Topic,
  type TopicConfig,
} from "@tenon/runtime";
