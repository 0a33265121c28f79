// Looks into the keys of the Redis engine for people: how much waits, what is dead, and putting it back. One connection per question,
// since they are rare.
import type { DeadLetter, ReplayOptions, SubscriptionState, TopicControl } from "@tenon/model";
import { readPayload } from "@tenon/runtime/engine";
import type { RedisEngineConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { readStoredMessage } from "./stored-message.ts";

/** So many letters per script: others get their turn in between. */
const mostAtOnce = 500;

type Letter = readonly [entry: string, diedAt: string, info: string, fields: readonly string[]];

export function createTopicControl(config: RedisEngineConfig): TopicControl {
  const ask = async <T>(question: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = new Connection(config);
    try {
      return await question(connection);
    } finally {
      connection.close();
    }
  };
  return {
    states: () => ask(states),
    deadLetters: (topic, subscription, { limit, after = "" }) =>
      ask(async (connection) => {
        const letters = (await connection.run("letters", topic, [subscription, limit, after])) as Letter[];
        return letters.map(toDeadLetter);
      }),
    replay: (topic, subscription, options) => ask((connection) => replay(connection, topic, subscription, options)),
    discard: (topic, subscription, messageIds) =>
      ask(async (connection) => {
        const entries = await entriesOf(connection, topic, subscription, messageIds);
        return raise(connection, topic, subscription, entries, ["discard", 0, 0, ""]);
      }),
  };
}

async function states(connection: Connection): Promise<SubscriptionState[]> {
  const found: SubscriptionState[] = [];
  for (const topic of (await connection.client.smembers(connection.topicsKey)).sort()) {
    const names = await connection.client.hkeys(`${connection.base(topic)}:subs`);
    for (const subscription of names.sort()) {
      const state = (await connection.run("state", topic, [subscription])) as [number, number, number];
      const [backlog, oldestAgeMs, deadLetters] = state;
      found.push({ topic, subscription, backlog, oldestAgeMs: oldestAgeMs < 0 ? null : oldestAgeMs, deadLetters });
    }
  }
  return found;
}

async function replay(
  connection: Connection,
  topic: string,
  subscription: string,
  { messageIds, limit, perSecond, traceparent }: ReplayOptions,
): Promise<number> {
  const dead = `${connection.base(topic)}:s:${subscription}:dead`;
  const chosen =
    messageIds === undefined
      ? await connection.client.zrange(dead, 0, limit === undefined ? "-1" : String(limit - 1))
      : (await entriesOf(connection, topic, subscription, messageIds)).slice(0, limit);
  const everyMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  return raise(connection, topic, subscription, chosen, ["replay", 0, everyMs, traceparent ?? ""]);
}

/** In parts: each letter is dead until its part has been raised as a whole. */
async function raise(
  connection: Connection,
  topic: string,
  subscription: string,
  entries: readonly string[],
  [what, startMs, everyMs, traceparent]: readonly [what: string, startMs: number, everyMs: number, traceparent: string],
): Promise<number> {
  let raised = 0;
  const begunAt = performance.now();
  for (let from = 0; from < entries.length; from += mostAtOnce) {
    const part = entries.slice(from, from + mostAtOnce);
    // Counted from the first part, by the time that has gone since.
    const firstMs = Math.max(0, Math.round(startMs + raised * everyMs - (performance.now() - begunAt)));
    const args = [subscription, what, firstMs, everyMs, traceparent, ...part];
    raised += Number(await connection.run("raise", topic, args));
  }
  return raised;
}

async function entriesOf(
  connection: Connection,
  topic: string,
  subscription: string,
  messageIds: readonly string[],
): Promise<string[]> {
  if (messageIds.length === 0) return [];
  const key = `${connection.base(topic)}:s:${subscription}:dead:ids`;
  const entries = await connection.client.hmget(key, ...messageIds);
  return entries.filter((entry) => entry !== null);
}

function toDeadLetter([entry, diedAt, info, fields]: Letter): DeadLetter {
  const message = readStoredMessage(fields);
  const { attempts, reason } = JSON.parse(info) as { attempts: number; reason: string };
  return {
    messageId: message.id,
    message: readPayload(message.payload),
    attributes: message.attributes,
    orderingKey: message.orderingKey,
    reason,
    attempts,
    publishedAt: message.publishedAt.toISOString(),
    diedAt: new Date(Number(diedAt)).toISOString(),
    traceId: message.traceparent.split("-")[1] ?? "",
    position: `${diedAt}/${entry}`,
  };
}
