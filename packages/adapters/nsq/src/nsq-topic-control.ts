// Looks into NSQ for people: how much waits, what is dead, and putting it back. Counts come from nsqd's HTTP address; it does not tell how old
// what waits is.
import type { DeadLetter, DeadLetterQuery, ReplayOptions, SubscriptionState, TopicControl } from "@tenon/model";
import { EngineCannot, readPayload } from "@tenon/runtime/engine";
import { type Address, addressesOf, type NsqEngineConfig } from "./config.ts";
import { countMessages, inChannel } from "./counts.ts";
import { encode, type Travel } from "./envelope.ts";
import { type Letter, LetterBox } from "./letter-box.ts";
import { lettersChannel, Names, type SubscriptionNames } from "./names.ts";
import { Publisher } from "./publisher.ts";

export function createTopicControl(config: NsqEngineConfig): TopicControl {
  const names = new Names(config);
  const addresses = addressesOf(config);
  const withBox = async <T>(
    topic: string,
    subscription: string,
    use: (box: LetterBox) => T | Promise<T>,
  ): Promise<T> => {
    const box = await LetterBox.open(addresses, namesOf(names, topic, subscription).deadTopic);
    try {
      return await use(box);
    } finally {
      await box.close();
    }
  };
  return {
    states: () => states(addresses, names),
    deadLetters: (topic, subscription, query) => withBox(topic, subscription, (box) => page(box, query)),
    replay: (topic, subscription, options) =>
      withBox(topic, subscription, (box) => replay(addresses, namesOf(names, topic, subscription), box, options)),
    discard: (topic, subscription, messageIds) =>
      withBox(topic, subscription, (box) => {
        const letters = withIds(box.letters, messageIds);
        for (const letter of letters) box.remove(letter);
        return letters.length;
      }),
  };
}

function namesOf(names: Names, topic: string, subscription: string): SubscriptionNames {
  const found = names.subscription(topic, subscription);
  if (found !== undefined) return found;
  throw new EngineCannot("nsq", `${topic}/${subscription}`, "infra.json does not say what it is called in NSQ");
}

/** Of those in infra.json that NSQ has. */
async function states(addresses: readonly Address[], names: Names): Promise<SubscriptionState[]> {
  const found: SubscriptionState[] = [];
  for (const { topic, subscription, names: places } of names.all()) {
    const backlog = inChannel(await countMessages(addresses, places.topic), places.channel);
    if (backlog === undefined) continue;
    const letters = await countMessages(addresses, places.deadTopic);
    const deadLetters = (letters?.inTopic ?? 0) + (letters?.channels.get(lettersChannel) ?? 0);
    found.push({ topic, subscription, backlog, oldestAgeMs: null, deadLetters });
  }
  return found;
}

function page(box: LetterBox, { limit, after = "" }: DeadLetterQuery): DeadLetter[] {
  return box.letters
    .filter(({ position }) => position > after)
    .slice(0, limit)
    .map(toDeadLetter);
}

function withIds(letters: readonly Letter[], messageIds: readonly string[]): Letter[] {
  const wanted = new Set(messageIds);
  return letters.filter(({ enveloped }) => wanted.has(enveloped.id));
}

/** They are on their way before they are gone from the box: a crash in between leaves them in both. */
async function replay(
  addresses: readonly Address[],
  names: SubscriptionNames,
  box: LetterBox,
  { messageIds, limit = Number.POSITIVE_INFINITY, perSecond, traceparent }: ReplayOptions,
): Promise<number> {
  const all = messageIds === undefined ? box.letters : withIds(box.letters, messageIds);
  const letters = all.slice(0, limit);
  if (letters.length === 0) return 0;
  const everyMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  const now = Date.now();
  const copies = letters.map(({ enveloped }, index) => {
    const travel = replayed(enveloped.travel, names.channel, now, Math.round(now + index * everyMs), traceparent);
    return encode({ ...enveloped, travel });
  });
  // The channels of its topic are there: something has died in one of them.
  const publisher = new Publisher(addresses, async () => {});
  try {
    await publisher.publish(names.topic, copies);
  } finally {
    publisher.close();
  }
  for (const letter of letters) box.remove(letter);
  return letters.length;
}

function replayed(
  { key, trace, publishedAt }: Travel,
  only: string,
  now: number,
  at: number,
  traceparent: string | undefined,
): Travel {
  const due = at > now ? { due: at } : {};
  return {
    key,
    trace,
    publishedAt,
    since: at,
    only,
    ...due,
    ...(traceparent === undefined ? {} : { replay: traceparent }),
  };
}

function toDeadLetter({ enveloped, position }: Letter): DeadLetter {
  const { key, trace, publishedAt, attempts = 0, reason = "", diedAt = 0 } = enveloped.travel;
  return {
    messageId: enveloped.id,
    message: readPayload(enveloped.payload),
    attributes: enveloped.attributes,
    orderingKey: key,
    reason,
    attempts,
    publishedAt: new Date(publishedAt).toISOString(),
    diedAt: new Date(diedAt).toISOString(),
    traceId: trace.split("-")[1] ?? "",
    position,
  };
}
