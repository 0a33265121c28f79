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

/**
 * Whether a handler has its whole time when it begins so long after the delivery: the server gives the message to somebody else behind its
 * longest, however often it is touched.
 */
export function hasTimeLeft(subscription: SubscriptionSpec, limits: Limits, waitedMs: number): boolean {
  return waitedMs + leaseMsOf(subscription) <= limits.maxMsgTimeoutMs;
}

/** An nsqd puts nothing off for longer in one go, unless its --max-req-timeout is larger than by default. */
export const longestDelayMs = 3_600_000;

/** `maxReqTimeoutMs`: of the server. Throws EngineCannot for a backoff that it would cut short. */
export function checkBackoff({ topic, name, retryPolicy }: SubscriptionSpec, maxReqTimeoutMs: number): void {
  if (Math.min(retryPolicy.maxBackoffMs, longestDelayMs) <= maxReqTimeoutMs) return;
  const lacking = `it puts nothing off for its maxBackoff of ${retryPolicy.maxBackoffMs} ms; start nsqd with a larger --max-req-timeout than ${maxReqTimeoutMs} ms, or shorten it`;
  throw new EngineCannot("nsq", `${topic}/${name}`, lacking);
}

/** Throws EngineCannot for an ack deadline that the server does not grant. */
export function checkAckDeadline(subscription: SubscriptionSpec, limits: Limits): void {
  const { topic, name, ackDeadlineMs } = subscription;
  if (msgTimeoutMsOf(subscription) <= limits.maxMsgTimeoutMs) return;
  const lacking = `it leaves a message to nobody for its ackDeadline of ${ackDeadlineMs} ms; start nsqd with a larger --max-msg-timeout than ${limits.maxMsgTimeoutMs} ms, or shorten it`;
  throw new EngineCannot("nsq", `${topic}/${name}`, lacking);
}
