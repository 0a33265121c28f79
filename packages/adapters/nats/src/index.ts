// Messages in NATS JetStream: what `{"type": "nats"}` of infra.json loads.
export type { NatsEngineConfig } from "./config.ts";
export { createBroker } from "./nats-broker.ts";
export { createTopicControl } from "./nats-topic-control.ts";
