// Messages in NSQ: what `{"type": "nsq"}` of infra.json loads.
export type { NsqEngineConfig } from "./config.ts";
export { createBroker } from "./nsq-broker.ts";
export { createTopicControl } from "./nsq-topic-control.ts";
