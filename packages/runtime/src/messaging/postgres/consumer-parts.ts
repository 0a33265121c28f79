// What both kinds of consumers work with.
import type { Receiver, SubscriptionSpec } from "../broker.ts";
import type { Connections } from "./connection.ts";
import type { Settler } from "./settler.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface ConsumerParts {
  /** Of the subscription in the tables. */
  readonly id: number;
  readonly subscription: SubscriptionSpec;
  readonly receiver: Receiver;
  readonly connections: Connections;
  readonly settler: Settler;
  readonly wakeUps: WakeUps;
}
