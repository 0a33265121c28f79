// Messages in Google Cloud Pub/Sub: what `{"type": "gcp_pubsub"}` of infra.json loads.
export type { DeadLetterPlace, GcpPubsubConfig, SubscriptionPlace, TopicPlace } from "./config.ts";
export { createBroker } from "./gcp-pubsub-broker.ts";
export { createTopicControl } from "./gcp-pubsub-topic-control.ts";
