// Messages in Redis streams: what `{"type": "redis"}` of infra.json loads.
export type { RedisEngineConfig } from "./config.ts";
export { createBroker } from "./redis-broker.ts";
export { createTopicControl } from "./redis-topic-control.ts";
