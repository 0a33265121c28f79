// Messages that SQS and SNS hand to a function -> deliveries of its subscriptions. What could not be handled is named in the answer, and
// SQS brings that again and nothing else; its redrive policy decides when a message has failed often enough.
import { readAttributes } from "../../messaging/engine/message-facts.ts";
import type { FunctionHost } from "../function-host.ts";
import type { PushedMessage } from "../push-book.ts";
import type { SnsNotification, SqsRecord } from "./lambda-events.ts";
import type { QueueNames } from "../queue-names.ts";

export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Throws QueueUnknown. Messages of one group are handled one after the other, and none behind one that has failed. */
export async function deliverQueued(
  host: FunctionHost,
  queues: QueueNames,
  records: readonly SqsRecord[],
  signal: AbortSignal,
): Promise<BatchResult> {
  const subscription = queues.subscriptionOf(records[0]!.eventSourceARN);
  const failed: string[] = [];
  await inTurns(linesOf(records), host.concurrencyOf(subscription), async (line) => {
    let isBroken = false;
    for (const record of line) {
      const message = messageOfRecord(record);
      isBroken ||= isEarly(message) || (await host.deliver(subscription, message, signal))?.kind !== "handled";
      if (isBroken) failed.push(record.messageId);
    }
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Throws QueueUnknown, and an Error where one was not handled: SNS then tells of it again. */
export async function deliverNotified(
  host: FunctionHost,
  queues: QueueNames,
  notifications: readonly SnsNotification[],
  signal: AbortSignal,
): Promise<void> {
  for (const notification of notifications) {
    const subscription = queues.subscriptionOf(notification.TopicArn);
    const message = messageOfNotification(notification, 1);
    if (isEarly(message)) throw new Error(`the message ${notification.MessageId} for ${subscription} is not due yet`);
    const outcome = await host.deliver(subscription, message, signal);
    if (outcome?.kind !== "handled") {
      throw new Error(`the message ${notification.MessageId} for ${subscription} was not handled: ${outcome?.reason}`);
    }
  }
}

/** Those that must wait for each other; a message without a group waits for none. */
function linesOf(records: readonly SqsRecord[]): SqsRecord[][] {
  const byGroup = new Map<string, SqsRecord[]>();
  for (const record of records) {
    const group = record.attributes.MessageGroupId;
    const key = group === undefined ? `message ${record.messageId}` : `group ${group}`;
    byGroup.set(key, [...(byGroup.get(key) ?? []), record]);
  }
  return [...byGroup.values()];
}

async function inTurns<T>(items: readonly T[], atOnce: number, run: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const turns = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await run(item);
  });
  await Promise.all(turns);
}

interface DatedMessage extends PushedMessage {
  /** Nobody is given it before, by its publisher's wish; epoch milliseconds. */
  readonly due: number;
}

/** Its queue brings it again, and counts that. */
function isEarly({ due }: DatedMessage): boolean {
  return due > Date.now();
}

function messageOfRecord(record: SqsRecord): DatedMessage {
  const { messageId: id, body: payload, attributes, messageAttributes } = record;
  const attempt = Number(attributes.ApproximateReceiveCount);
  const notification = notificationIn(payload);
  const group = attributes.MessageGroupId;
  if (notification !== undefined) return messageOfNotification(notification, attempt, group);
  const texts = Object.entries(messageAttributes).flatMap(([name, { stringValue }]) =>
    stringValue === undefined ? [] : [[name, stringValue] as const],
  );
  return datedMessage(texts, { id, payload, publishedAt: new Date(Number(attributes.SentTimestamp)), attempt }, group);
}

/** A queue that is subscribed to a topic without raw delivery gets the topic's envelope as the body. */
function notificationIn(body: string): SnsNotification | undefined {
  if (!body.includes('"TopicArn"')) return undefined;
  try {
    const parsed = JSON.parse(body) as SnsNotification & { readonly Type?: string };
    return parsed.Type === "Notification" && typeof parsed.Message === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function messageOfNotification(notification: SnsNotification, attempt: number, group?: string): DatedMessage {
  const { MessageId: id, Message: payload, Timestamp: timestamp, MessageAttributes: attributes = {} } = notification;
  const texts = Object.entries(attributes).map(([name, { Value: value }]) => [name, value] as const);
  return datedMessage(texts, { id, payload, publishedAt: new Date(timestamp), attempt }, group);
}

/** What the engine for SNS and SQS has written goes before what AWS knows; `group`: of a FIFO queue. */
function datedMessage(
  texts: readonly (readonly [string, string])[],
  message: Pick<PushedMessage, "id" | "payload" | "publishedAt" | "attempt">,
  group: string | undefined,
): DatedMessage {
  const { facts, attributes, traceparent } = readAttributes(Object.fromEntries(texts));
  const common = { ...message, attributes, traceparent };
  if (facts === undefined) return { ...common, orderingKey: group ?? null, due: 0 };
  return {
    ...common,
    id: facts.id,
    publishedAt: new Date(facts.publishedAt),
    attempt: message.attempt + (facts.attempts ?? 0),
    orderingKey: facts.key ?? null,
    replayTraceparent: facts.replay ?? null,
    due: facts.due ?? 0,
  };
}
