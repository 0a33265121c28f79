// What can be said of a message beside itself when it is published, and the checks of it.
import { randomUUID } from "node:crypto";
import { type DurationString, parseDurationMs, type Topic } from "@tenon/model";
import { clock } from "../clock/clock.ts";
import { MessagingError } from "./errors.ts";
import { nameBasedId } from "./name-based-id.ts";
import type { PublishTransaction } from "./outbox/publish-transaction.ts";

interface DeliveryTime extends PublishTransaction {
  /** Nobody is given the message before so much time has passed: "10m". Not for topics with an `orderingAttribute`. */
  delay?: DurationString;
  /** Nobody is given the message before; instead of `delay`. A time that has passed: at once. */
  deliverAt?: Date;
}

/** How one message is published. */
export interface PublishOptions extends DeliveryTime {
  /**
   * The publisher's own word for the message: what is published to the topic with the same word within ten minutes is the same message. It
   * has the same id, and reaches nobody twice.
   */
  dedupKey?: string;
}

/** How several messages are published. */
export interface PublishBatchOptions<Msg extends object> extends DeliveryTime {
  /** `dedupKey` of each message. */
  dedupKey?: (message: Msg, index: number) => string;
}

/** Either of them, for messages whose type is not known here. */
export interface AnyPublishOptions extends DeliveryTime {
  dedupKey?: string | ((message: never, index: number) => string);
}

export interface PublishPlan {
  /** null: at once. */
  readonly deliverAt: Date | null;
  readonly mayBeRepeat: boolean;
  idOf(message: unknown, index: number): string;
}

/** Throws MessagingError `publish_option_invalid` and `delay_on_ordered_topic`. */
export function planPublish(topic: Topic, count: number, options: AnyPublishOptions): PublishPlan {
  const { dedupKey } = options;
  const deliverAt = readDeliverAt(topic, options);
  if (dedupKey === undefined) return { deliverAt, mayBeRepeat: false, idOf: () => randomUUID() };
  if (typeof dedupKey === "string" && count > 1) {
    throw invalid(topic, "several messages cannot have one dedupKey; give a function that makes one for each");
  }
  const keyOf =
    typeof dedupKey === "function" ? (dedupKey as (message: unknown, index: number) => unknown) : () => dedupKey;
  const idOf = (message: unknown, index: number) => {
    const key: unknown = keyOf(message, index);
    if (typeof key !== "string" || key === "") throw invalid(topic, "dedupKey must be a text that is not empty");
    return nameBasedId(topic.name, key);
  };
  return { deliverAt, mayBeRepeat: true, idOf };
}

function readDeliverAt(topic: Topic, { delay, deliverAt }: DeliveryTime): Date | null {
  if (delay === undefined && deliverAt === undefined) return null;
  if (delay !== undefined && deliverAt !== undefined) throw invalid(topic, "delay and deliverAt exclude each other");
  if (topic.orderingAttribute !== undefined) throw new MessagingError("delay_on_ordered_topic", { topic: topic.name });
  const nowMs = clock().now();
  const atMs = deliverAt === undefined ? nowMs + readDelayMs(topic, delay!) : timeOf(topic, deliverAt);
  return atMs <= nowMs ? null : dateOf(topic, atMs);
}

function readDelayMs(topic: Topic, delay: string): number {
  const delayMs = typeof delay === "string" ? parseDurationMs(delay) : null;
  if (delayMs === null) throw invalid(topic, `delay must be a duration such as "10m", got ${shown(delay)}`);
  return Math.round(delayMs);
}

function timeOf(topic: Topic, deliverAt: unknown): number {
  const atMs = deliverAt instanceof Date ? deliverAt.getTime() : Number.NaN;
  if (Number.isNaN(atMs)) throw invalid(topic, `deliverAt must be a Date, got ${shown(deliverAt)}`);
  return atMs;
}

/** The last millisecond of the year 9999: what engines and JSON can all write down. */
const lastTimeMs = Date.UTC(10_000, 0) - 1;

function dateOf(topic: Topic, atMs: number): Date {
  if (atMs > lastTimeMs) throw invalid(topic, "a message cannot be delayed beyond the year 9999");
  return new Date(atMs);
}

function invalid({ name }: Topic, reason: string): MessagingError {
  return new MessagingError("publish_option_invalid", { topic: name, reason });
}

function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
