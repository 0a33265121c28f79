// How long a message is left to whoever has it: by our own clock, by that of the server, and at the most.
import { EngineCannot, leaseMsOf, type SubscriptionSpec } from "@tenon/runtime/engine";
import type { Limits } from "./connection.ts";

/** A process gives up by its own clock before the server does by its. */
const marginMs = 2_000;

/** For IDENTIFY of a consumer. */
export function msgTimeoutMsOf(subscription: SubscriptionSpec): number {
  return leaseMsOf(subscription) + marginMs;
}

/** Since its delivery, whatever is asked for. */
export function longestMsOf({ maxMsgTimeoutMs }: Limits): number {
  return maxMsgTimeoutMs - marginMs;
}

/** Throws EngineCannot for an ack deadline that the server does not grant. */
export function checkAckDeadline(subscription: SubscriptionSpec, limits: Limits): void {
  const { topic, name, ackDeadlineMs } = subscription;
  if (msgTimeoutMsOf(subscription) <= limits.maxMsgTimeoutMs) return;
  const lacking = `it leaves a message to nobody for its ackDeadline of ${ackDeadlineMs} ms; start nsqd with a larger --max-msg-timeout than ${limits.maxMsgTimeoutMs} ms, or shorten it`;
  throw new EngineCannot("nsq", `${topic}/${name}`, lacking);
}
