// Publishes to the SNS topic, as many at once as it takes. What SNS has answered for is kept by it until each queue has it. A batch is
// accepted message by message.
import { randomUUID } from "node:crypto";
import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from "@aws-sdk/client-sns";
import type { OutgoingMessage } from "@tenon/runtime/engine";
import { attributeValues, bytesOf, type CarriedMessage, carry, mostMessageBytes } from "./carried-message.ts";
import { cannot, isFifo, type TopicPlace } from "./config.ts";

export interface PublishTarget {
  /** The app's name of it. */
  readonly name: string;
  readonly place: TopicPlace;
  readonly isOrdered: boolean;
  readonly client: SNSClient;
  /** Queues throw away what waits longer, or give it up. */
  readonly longestDelayMs: number;
}

const mostEntries = 10;
const mostBatchBytes = 262_144;
/** Batches on their way at once, where nothing has an order. */
const batchesAtOnce = 8;

/** Throws EngineCannot before anything is sent, and what SNS says. */
export async function publishMessages(target: PublishTarget, messages: readonly OutgoingMessage[]): Promise<void> {
  const publishedAt = Date.now();
  const entries = messages.map((message) => entryOf(target, message, publishedAt));
  const batches = inBatches(entries);
  if (isFifo(target.place.arn)) {
    for (const batch of batches) await send(target, batch);
    return;
  }
  const senders = Array.from({ length: Math.min(batchesAtOnce, batches.length) }, async () => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await send(target, batch);
  });
  await Promise.all(senders);
}

interface Entry extends PublishBatchRequestEntry {
  readonly bytes: number;
}

function entryOf(target: PublishTarget, message: OutgoingMessage, publishedAt: number): Entry {
  const { place, isOrdered } = target;
  checkRepeat(target, message);
  const due = dueOf(target, message, publishedAt);
  // Of an ordered topic, messages without a key have one in common.
  const keyed = isOrdered && message.orderingKey === null ? { ...message, orderingKey: "" } : message;
  const carried = carry(keyed, { publishedAt, ...(due === undefined ? {} : { due }) });
  const bytes = checkedBytes(target, message, carried);
  return {
    Id: undefined,
    Message: carried.body,
    MessageAttributes: attributeValues(carried),
    ...(isFifo(place.arn)
      ? {
          MessageGroupId: carried.group,
          // Those with the same one within five minutes are one message to it.
          MessageDeduplicationId: message.mayBeRepeat ? message.id : randomUUID(),
        }
      : {}),
    bytes,
  };
}

function checkRepeat({ name, place }: PublishTarget, { mayBeRepeat }: OutgoingMessage): void {
  if (!mayBeRepeat || isFifo(place.arn)) return;
  throw cannot(name, "a standard topic of SNS does not know a message again; make it a FIFO one");
}

function dueOf(
  { name, longestDelayMs }: PublishTarget,
  { deliverAt }: OutgoingMessage,
  publishedAt: number,
): number | undefined {
  if (deliverAt === null || deliverAt.getTime() <= publishedAt) return undefined;
  const due = deliverAt.getTime();
  if (due - publishedAt <= longestDelayMs) return due;
  const days = (longestDelayMs / 86_400_000).toFixed(1);
  throw cannot(
    name,
    `its queues keep messages for 14 days at most, with room for the messageRetention of its subscriptions behind the delay, and give them out once in 12 hours until then, as often as maxReceiveCount (1000 is best) has room for: the longest one is ${days} days`,
  );
}

function checkedBytes({ name }: PublishTarget, { id }: OutgoingMessage, carried: CarriedMessage): number {
  const bytes = bytesOf(carried);
  if (bytes <= mostMessageBytes) return bytes;
  throw cannot(
    name,
    `the message ${id} has ${bytes} bytes with its attributes, and SNS takes ${mostMessageBytes}; keep what is large in a bucket and publish where it is`,
  );
}

function inBatches(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last === undefined || last.length === mostEntries || entry.bytes > room) {
      batches.push([entry]);
      room = mostBatchBytes - entry.bytes;
    } else {
      last.push(entry);
      room -= entry.bytes;
    }
  }
  return batches;
}

async function send({ place, client }: PublishTarget, batch: readonly Entry[]): Promise<void> {
  const entries = batch.map(({ bytes: _bytes, ...entry }, index) => ({ ...entry, Id: String(index) }));
  const { Failed = [] } = await client.send(
    new PublishBatchCommand({ TopicArn: place.arn, PublishBatchRequestEntries: entries }),
  );
  const [first] = Failed;
  if (first === undefined) return;
  throw new Error(`SNS has not taken ${Failed.length} of ${batch.length} messages: ${first.Code}: ${first.Message}`);
}
