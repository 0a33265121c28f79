// Looks into the queues for people: how much waits, what is dead, and putting it back. SQS counts roughly, and knows no age of what waits.
import { randomUUID } from "node:crypto";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { DeadLetter, ReplayOptions, SubscriptionState, TopicControl } from "@tenon/model";
import { readPayload } from "@tenon/runtime/engine";
import { attributeValues, bytesOf, type CarriedMessage, carry } from "./carried-message.ts";
import { Clients } from "./clients.ts";
import { type AwsEngineConfig, cannot, isFifo, type QueuePlace, type TopicPlace } from "./config.ts";
import { comparePlaces, inTens, type Letter, LetterBox, placeOf } from "./letter-box.ts";
import { readQueue } from "./queue-facts.ts";

const mostBatchBytes = 262_144;
const letterWaitSeconds = 1;

interface Named {
  readonly topic: string;
  readonly subscription: string;
  readonly place: TopicPlace;
  readonly queue: QueuePlace;
}

export function createTopicControl(config: AwsEngineConfig): TopicControl {
  const clients = new Clients(config);
  const waitSeconds = Math.min(config.waitSeconds ?? letterWaitSeconds, letterWaitSeconds);
  const open = async (topic: string, subscription: string) => {
    const named = subscriptionsOf(config).find((one) => one.topic === topic && one.subscription === subscription);
    if (named === undefined) throw cannot(`${topic}/${subscription}`, "infra.json names no SQS queue for it (topics)");
    const { deadLetterUrl } = await look(clients, named);
    const client = clients.ofQueue(named.queue.url, named.place);
    return { named, box: new LetterBox(client, deadLetterUrl, waitSeconds) };
  };
  return {
    states: () => Promise.all(subscriptionsOf(config).map((named) => stateOf(clients, named))),
    async deadLetters(topic, subscription, { limit, after }) {
      const { box } = await open(topic, subscription);
      return await box.open(async (letters) => pageOf(letters, limit, after).map(toDeadLetter));
    },
    async replay(topic, subscription, options) {
      const { box, named } = await open(topic, subscription);
      return await box.open((letters) => replay(clients, named, box, letters, options));
    },
    async discard(topic, subscription, messageIds) {
      const { box } = await open(topic, subscription);
      return await box.open(async (letters) => {
        const chosen = letters.filter(({ message }) => messageIds.includes(message.id));
        await box.throwAway(chosen);
        return chosen.length;
      });
    },
  };
}

/** In the order of their names. */
function subscriptionsOf({ topics }: AwsEngineConfig): Named[] {
  const all = Object.entries(topics).flatMap(([topic, place]) =>
    Object.entries(place.subscriptions).map(([subscription, queue]) => ({ topic, subscription, place, queue })),
  );
  const nameOf = ({ topic, subscription }: Named) => `${topic}/${subscription}`;
  return all.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

async function look(clients: Clients, { topic, subscription, place, queue }: Named) {
  const facts = await readQueue(clients.ofQueue(queue.url, place), queue.url);
  const deadLetterUrl = queue.deadLetterUrl ?? facts?.deadLetterUrl;
  if (facts !== undefined && deadLetterUrl !== undefined) return { facts, deadLetterUrl };
  throw cannot(
    `${topic}/${subscription}`,
    facts === undefined
      ? "whoever asks may not look at its queue; allow them sqs:GetQueueAttributes"
      : "its queue has no place for dead letters (dead_letter_url in infra.json, or a redrive policy)",
  );
}

async function stateOf(clients: Clients, named: Named): Promise<SubscriptionState> {
  const { topic, subscription, place } = named;
  const { facts, deadLetterUrl } = await look(clients, named);
  const dead = await readQueue(clients.ofQueue(deadLetterUrl, place), deadLetterUrl);
  return { topic, subscription, backlog: facts.messages, oldestAgeMs: null, deadLetters: dead?.messages ?? 0 };
}

function pageOf(letters: readonly Letter[], limit: number, after: string | undefined): readonly Letter[] {
  if (after === undefined) return letters.slice(0, limit);
  const [diedAt = "", ...id] = after.split("/");
  const last = { diedAt: Number(diedAt), id: id.join("/") };
  return letters.filter((letter) => comparePlaces(placeOf(letter), last) > 0).slice(0, limit);
}

/** A letter is thrown away once SQS has its copy among what waits. */
async function replay(
  clients: Clients,
  { place, queue }: Named,
  box: LetterBox,
  letters: readonly Letter[],
  { messageIds, limit, perSecond, traceparent }: ReplayOptions,
): Promise<number> {
  const chosen = letters
    .filter(({ message }) => messageIds === undefined || messageIds.includes(message.id))
    .slice(0, limit);
  const beganAt = Date.now();
  const everyMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  const copies = chosen.map((letter, index) => {
    const due = beganAt + Math.floor(index * everyMs);
    const facts = {
      publishedAt: letter.message.publishedAt.getTime(),
      since: due,
      ...(due > beganAt ? { due } : {}),
      ...(traceparent === undefined ? {} : { replay: traceparent }),
    };
    return { letter, copy: carry(letter.message, facts) };
  });
  const client = clients.ofQueue(queue.url, place);
  for (const batch of inTens(copies).flatMap(inSize)) {
    const entries = batch.map(({ copy }, index) => entryOf(queue.url, copy, index));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries: entries }));
    const [first] = Failed;
    const sent = batch.filter((_, index) => !Failed.some(({ Id }) => Id === String(index)));
    await box.throwAway(sent.map(({ letter }) => letter));
    if (first !== undefined) throw new Error(`SQS has not taken a replay: ${first.Code}: ${first.Message}`);
  }
  return chosen.length;
}

/** As one request, or one by one where they are too large together. */
function inSize<Item extends { readonly copy: CarriedMessage }>(batch: readonly Item[]): (readonly Item[])[] {
  const bytes = batch.reduce((sum, { copy }) => sum + bytesOf(copy), 0);
  return bytes <= mostBatchBytes ? [batch] : batch.map((item) => [item]);
}

function entryOf(url: string, copy: CarriedMessage, index: number) {
  return {
    Id: String(index),
    MessageBody: copy.body,
    MessageAttributes: attributeValues(copy),
    ...(isFifo(url) ? { MessageGroupId: copy.group, MessageDeduplicationId: randomUUID() } : {}),
  };
}

function toDeadLetter(letter: Letter): DeadLetter {
  const { message, reason, attempts, diedAt } = letter;
  return {
    messageId: message.id,
    message: readPayload(message.payload),
    attributes: message.attributes,
    orderingKey: message.orderingKey,
    reason,
    attempts,
    publishedAt: message.publishedAt.toISOString(),
    diedAt: new Date(diedAt).toISOString(),
    traceId: message.traceparent.split("-")[1] ?? "",
    position: `${diedAt}/${message.id}`,
  };
}
