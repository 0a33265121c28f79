// Looks into the streams of the NATS engine for people: how much waits, what is dead, and putting it back. One connection per question,
// since they are rare.
import type { DeadLetter, DeadLetterQuery, ReplayOptions, SubscriptionState, TopicControl } from "@tenon/model";
import { readPayload } from "@tenon/runtime/engine";
import type { NatsEngineConfig } from "./config.ts";
import { decode, encode, type Enveloped } from "./envelope.ts";
import { Link } from "./link.ts";
import type { SubscriptionNames } from "./names.ts";
import { allTopics } from "./registry.ts";

interface Letter {
  readonly seq: number;
  readonly enveloped: Enveloped;
}

/** So many are put back at once. */
const atOnce = 100;

export function createTopicControl(config: NatsEngineConfig): TopicControl {
  const ask = async <T>(question: (link: Link) => Promise<T>): Promise<T> => {
    const link = await Link.open(config);
    try {
      return await question(link);
    } finally {
      await link.close();
    }
  };
  return {
    states: () => ask(states),
    deadLetters: (topic, subscription, query) =>
      ask(async (link) => (await readLetters(link, link.names.of(topic, subscription), query)).map(toDeadLetter)),
    replay: (topic, subscription, options) => ask((link) => replay(link, link.names.of(topic, subscription), options)),
    discard: (topic, subscription, messageIds) =>
      ask(async (link) => {
        const letters = await lettersOf(link, link.names.of(topic, subscription), messageIds);
        const removed = await Promise.all(letters.map(({ seq }) => link.remove(link.names.heldStream, seq)));
        return removed.filter((wasThere) => wasThere).length;
      }),
  };
}

async function states(link: Link): Promise<SubscriptionState[]> {
  if (!(await hasStreams(link))) return [];
  const found: SubscriptionState[] = [];
  for (const { topic, subscriptions } of await allTopics(link)) {
    for (const subscription of Object.keys(subscriptions)) {
      found.push({ topic, subscription, ...(await stateOf(link, link.names.of(topic, subscription))) });
    }
  }
  return found;
}

type State = Omit<SubscriptionState, "topic" | "subscription">;

async function stateOf(link: Link, names: SubscriptionNames): Promise<State> {
  const { queueStream, heldStream } = link.names;
  const queued = await countsOf(link, queueStream, names.queue);
  const places = [
    { stream: queueStream, subject: names.queue, count: queued.filter(([subject]) => subject.endsWith(".m")) },
    { stream: heldStream, subject: names.allLater, count: await countsOf(link, heldStream, names.allLater) },
    { stream: heldStream, subject: names.allParked, count: await countsOf(link, heldStream, names.allParked) },
  ].map((place) => ({ ...place, count: sum(place.count) }));
  const backlog = places.reduce((total, { count }) => total + count, 0);
  const since: number[] = [];
  for (const { stream, subject, count } of places) {
    const first = count === 0 ? undefined : await firstMessage(link, stream, subject);
    if (first !== undefined) since.push(first.envelope.since);
  }
  return {
    backlog,
    oldestAgeMs: since.length === 0 ? null : Math.max(0, Date.now() - Math.min(...since)),
    deadLetters: sum(await countsOf(link, heldStream, names.allDead)),
  };
}

/** Tickets stand among the messages of a queue. */
async function firstMessage(link: Link, stream: string, subject: string): Promise<Enveloped | undefined> {
  const stored = await link.first(stream, stream === link.names.queueStream ? subject.replace(/>$/, "*.m") : subject);
  return stored && decode(stored.data);
}

async function countsOf(link: Link, stream: string, subject: string): Promise<[subject: string, count: number][]> {
  const { state } = await link.manager.streams.info(stream, { subjects_filter: subject });
  return Object.entries(state.subjects ?? {});
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}

/** Before the first declaration there are none. */
async function hasStreams(link: Link): Promise<boolean> {
  for await (const name of link.manager.streams.names(link.names.metaSubjects)) {
    if (name === link.names.metaStream) return true;
  }
  return false;
}

/** Position: the sequence. */
async function readLetters(link: Link, names: SubscriptionNames, { limit, after }: DeadLetterQuery): Promise<Letter[]> {
  const letters: Letter[] = [];
  let from = after === undefined ? 1 : Number(after) + 1;
  while (letters.length < limit) {
    const stored = await link.first(link.names.heldStream, names.allDead, from);
    if (stored === undefined) break;
    letters.push({ seq: stored.seq, enveloped: decode(stored.data) });
    from = stored.seq + 1;
  }
  return letters;
}

async function lettersOf(link: Link, names: SubscriptionNames, messageIds: readonly string[]): Promise<Letter[]> {
  const found = await Promise.all(messageIds.map((id) => link.last(link.names.heldStream, names.dead(id))));
  return found.flatMap((stored) => (stored === undefined ? [] : [{ seq: stored.seq, enveloped: decode(stored.data) }]));
}

async function replay(
  link: Link,
  names: SubscriptionNames,
  { messageIds, limit = Number.POSITIVE_INFINITY, perSecond, traceparent }: ReplayOptions,
): Promise<number> {
  const letters =
    messageIds === undefined
      ? await readLetters(link, names, { limit })
      : (await lettersOf(link, names, messageIds)).slice(0, limit);
  const everyMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  const startedAt = Date.now();
  for (let from = 0; from < letters.length; from += atOnce) {
    const part = letters.slice(from, from + atOnce);
    await Promise.all(
      part.map((letter, index) => raise(link, names, letter, startedAt + (from + index) * everyMs, traceparent)),
    );
  }
  return letters.length;
}

/** First it is written among what falls due, then it goes from the dead: after a crash in between whoever holds it there does the rest. */
async function raise(
  link: Link,
  names: SubscriptionNames,
  { seq, enveloped }: Letter,
  due: number,
  traceparent: string | undefined,
): Promise<void> {
  const { id, attributes, key, trace, publishedAt } = enveloped.envelope;
  const at = Math.round(due);
  const replayed = traceparent === undefined ? {} : { replay: traceparent };
  const envelope = { id, attributes, key, trace, publishedAt, since: at, due: at, raises: seq, ...replayed };
  const data = encode({ envelope, payload: enveloped.payload });
  await link.publish(names.later(id), data, { messageId: `raise/${seq}` });
  await link.remove(link.names.heldStream, seq);
}

function toDeadLetter({ seq, enveloped }: Letter): DeadLetter {
  const { id, attributes, key, trace, publishedAt, attempts = 0, reason = "", diedAt = 0 } = enveloped.envelope;
  return {
    messageId: id,
    message: readPayload(enveloped.payload),
    attributes,
    orderingKey: key,
    reason,
    attempts,
    publishedAt: new Date(publishedAt).toISOString(),
    diedAt: new Date(diedAt).toISOString(),
    traceId: trace.split("-")[1] ?? "",
    position: String(seq),
  };
}
