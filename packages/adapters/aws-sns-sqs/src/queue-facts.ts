// What an SQS queue is like: how long it keeps messages, and where those go that it has given out too often. What would break a promise
// to a subscription is found at the start.
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import { cannot, type QueuePlace, queueBeside } from "./config.ts";

export interface QueueFacts {
  readonly retentionMs: number;
  /** Of its redrive policy. */
  readonly deadLetterUrl: string | undefined;
  /** So often it gives out a message before it moves it there by itself. */
  readonly mostReceives: number | undefined;
  /** Messages in it, those that are being handled and those that wait among them. */
  readonly messages: number;
}

/** A queue hides a message from others for no longer, counted from when it gave it out. */
export const longestHiddenMs = 12 * 3_600_000;
/** Of that, for the way there. */
export const hiddenMarginMs = 5_000;
const dayMs = 86_400_000;
/** No queue keeps messages for longer. */
export const longestRetentionMs = 14 * dayMs;

/** undefined: this process may not know. */
export async function readQueue(client: SQSClient, url: string): Promise<QueueFacts | undefined> {
  const attributes = await client
    .send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }))
    .then(({ Attributes = {} }) => Attributes)
    .catch((error: Error) => {
      if (/AccessDenied/.test(error.name)) return undefined;
      throw new Error(`the queue ${url}: ${error.message}`, { cause: error });
    });
  if (attributes === undefined) return undefined;
  const redrive = attributes.RedrivePolicy === undefined ? undefined : JSON.parse(attributes.RedrivePolicy);
  const counts = [
    attributes.ApproximateNumberOfMessages,
    attributes.ApproximateNumberOfMessagesNotVisible,
    attributes.ApproximateNumberOfMessagesDelayed,
  ];
  return {
    retentionMs: Number(attributes.MessageRetentionPeriod) * 1_000,
    deadLetterUrl: redrive === undefined ? undefined : queueBeside(url, redrive.deadLetterTargetArn),
    mostReceives: redrive === undefined ? undefined : Number(redrive.maxReceiveCount),
    messages: counts.reduce((sum, count) => sum + Number(count ?? 0), 0),
  };
}

/** Throws EngineCannot. */
export function checkQueue(subscription: SubscriptionSpec, place: QueuePlace, facts: QueueFacts): void {
  const { topic, name, messageRetentionMs, retryPolicy } = subscription;
  const declared = `${topic}/${name}`;
  if (place.deadLetterUrl === undefined && facts.deadLetterUrl === undefined) {
    throw cannot(
      declared,
      "its queue has no place for dead letters; name another queue as dead_letter_url in infra.json, or give it a redrive policy",
    );
  }
  const needed = retryPolicy.maxRetries + 1;
  if (facts.mostReceives !== undefined && facts.mostReceives < needed) {
    throw cannot(
      declared,
      `its queue gives up a message after ${facts.mostReceives} times (maxReceiveCount), before its ${retryPolicy.maxRetries} retries are over; set maxReceiveCount to ${needed} or more (1000 is best), lower maxRetries, or name dead_letter_url and leave out the policy`,
    );
  }
  const neededMs = messageRetentionMs + retryPolicy.maxBackoffMs;
  if (facts.retentionMs < neededMs) {
    throw cannot(
      declared,
      `its queue throws messages away after ${days(facts.retentionMs)}, and messageRetention with the longest backoff is ${days(neededMs)}; set its MessageRetentionPeriod to 14 days (1209600), or lower messageRetention`,
    );
  }
}

/** What no queue of SQS could do. Throws EngineCannot. */
export function checkSubscription({ topic, name, ackDeadlineMs, retryPolicy }: SubscriptionSpec): void {
  if (ackDeadlineMs + retryPolicy.maxBackoffMs <= longestHiddenMs) return;
  throw cannot(
    `${topic}/${name}`,
    "SQS hides a message from others for 12 hours at most, and ackDeadline and maxBackoff are longer together",
  );
}

/**
 * How long before it is due a message may be published: its queue has to keep it, and gives it out once for each time that it is hidden, beside
 * all of its attempts. Without `facts` it is taken for the best of queues.
 */
export function longestDelayMs(
  { messageRetentionMs, retryPolicy }: SubscriptionSpec,
  { retentionMs = longestRetentionMs, mostReceives = Number.POSITIVE_INFINITY }: Partial<QueueFacts> = {},
): number {
  const spareReceives = mostReceives - retryPolicy.maxRetries - 1;
  return Math.min(retentionMs - messageRetentionMs, spareReceives * (longestHiddenMs - hiddenMarginMs));
}

function days(ms: number): string {
  return `${Number((ms / dayMs).toFixed(2))} days`;
}
