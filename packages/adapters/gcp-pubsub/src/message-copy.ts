// Copies of a message, for what Pub/Sub cannot change in the message itself: one that a single subscription handles again, and the dead letter.
import { type PubsubMessage, pubsubAttributes, type ReadPubsubMessage } from "@tenon/runtime/engine";
import type { NewMessage } from "./pubsub-api.ts";

export interface CopyFor {
  /** Its name in the app. */
  readonly subscription: string;
  /** Attempts that were made. */
  readonly attempts: number;
  readonly waitsSince: Date;
  readonly deliverAt?: Date;
  readonly replayTraceparent: string | null;
}

export function copyOf(message: PubsubMessage, read: ReadPubsubMessage, copy: CopyFor): NewMessage {
  const names = pubsubAttributes;
  return again(message, read, {
    [names.onlyFor]: copy.subscription,
    [names.attempts]: String(copy.attempts),
    [names.waitsSince]: millis(copy.waitsSince),
    ...(copy.deliverAt === undefined ? {} : { [names.deliverAt]: millis(copy.deliverAt) }),
    ...(copy.replayTraceparent === null ? {} : { [names.replay]: copy.replayTraceparent }),
  });
}

export interface Death {
  readonly attempts: number;
  readonly reason: string;
  readonly diedAt: Date;
}

const mostReasonBytes = 1_024;

export function letterOf(
  message: PubsubMessage,
  read: ReadPubsubMessage,
  { attempts, reason, diedAt }: Death,
): NewMessage {
  const names = pubsubAttributes;
  return again(message, read, {
    [names.attempts]: String(attempts),
    [names.reason]: cut(reason),
    [names.diedAt]: millis(diedAt),
  });
}

function again(message: PubsubMessage, read: ReadPubsubMessage, more: Readonly<Record<string, string>>): NewMessage {
  const names = pubsubAttributes;
  const key = message.attributes?.[names.key];
  return {
    data: message.data ?? "",
    attributes: {
      ...read.attributes,
      [names.id]: read.id,
      [names.publishedAt]: millis(read.publishedAt),
      ...(read.traceparent === "" ? {} : { [names.traceparent]: read.traceparent }),
      ...(key === undefined ? {} : { [names.key]: key }),
      ...more,
    },
    ...(message.orderingKey === undefined || message.orderingKey === "" ? {} : { orderingKey: message.orderingKey }),
  };
}

function millis(at: Date): string {
  return String(at.getTime());
}

/** To what an attribute may have, and no part of a character. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= mostReasonBytes) return text;
  return Buffer.from(text)
    .subarray(0, mostReasonBytes)
    .toString()
    .replace(/\uFFFD+$/, "");
}
