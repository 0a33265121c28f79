// What whoever writes an engine imports, as `@tenon/runtime/engine`: the contract, and the parts of it that are the same for every
// engine. docs/guides/engines.md explains both.
export type * from "../broker.ts";
export { dedupWindowMs, unseenMs } from "../broker.ts";
export { backoffMs } from "../backoff.ts";
export { EngineCannot, LeaseLost } from "../errors.ts";
export { log } from "../../log/log.ts";
export { readPayload } from "../read-payload.ts";
export { ConsumerLoop, type Source, type Work } from "./consumer-loop.ts";
export { type Held, handleDelivery, type Settled } from "./handle-delivery.ts";
export { isWanted } from "./is-wanted.ts";
export { attributesWith, type MessageFacts, readAttributes } from "./message-facts.ts";
export { Slots } from "./slots.ts";
export { type Sighting, StaySeen, seenLatelyMs } from "./stay-seen.ts";
export { UnderWay } from "./under-way.ts";
export { leaseMsOf } from "./handling-time.ts";
export { googleToken } from "../../cloud/google-token.ts";
export {
  isOwnAttribute,
  type PubsubMessage,
  pubsubAttributes,
  type ReadPubsubMessage,
  readPubsubMessage,
} from "../pubsub/pubsub-message.ts";
