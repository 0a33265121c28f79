// Publishes messages to every subscription that wants them: a copy each, acknowledged by the server one by one. Who publishes the same
// message again after a failure reaches only those that it has not reached.
import { dedupWindowMs, isWanted, type OutgoingMessage } from "@tenon/runtime/engine";
import { encode, envelopeOf } from "./envelope.ts";
import type { Link } from "./link.ts";
import type { KnownTopic, Registry } from "./registry.ts";

/** So many are on their way at once. */
const atOnce = 500;

export async function publishMessages(
  link: Link,
  registry: Registry,
  topic: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  for (let from = 0; from < messages.length; from += atOnce) {
    const part = await withoutRepeats(link, topic, messages.slice(from, from + atOnce));
    const known = registry.topic(topic);
    await copyToAll(link, known, part, undefined);
    // A subscription that was declared meanwhile is not left out.
    const since = registry.topic(topic);
    if (since !== known) await copyToAll(link, since, part, known);
    await rememberRepeats(link, topic, part);
  }
}

async function copyToAll(
  link: Link,
  known: KnownTopic | undefined,
  messages: readonly OutgoingMessage[],
  before: KnownTopic | undefined,
): Promise<void> {
  if (known === undefined) return;
  const subscriptions = Object.entries(known.subscriptions).filter(
    ([name, { active }]) => active && before?.subscriptions[name]?.active !== true,
  );
  if (subscriptions.length === 0) return;
  const publishedAt = Date.now();
  const copies: Promise<number>[] = [];
  for (const message of messages) {
    const enveloped = envelopeOf(message, publishedAt);
    const data = encode(enveloped);
    for (const [name, { filter }] of subscriptions) {
      if (!isWanted(message, filter)) continue;
      const names = link.names.of(known.topic, name);
      const isLater = enveloped.envelope.due !== undefined;
      const subject = isLater ? names.later(enveloped.envelope) : names.message(message.orderingKey);
      copies.push(link.publish(subject, data, { messageId: names.publishId(message.id) }));
    }
  }
  await Promise.all(copies);
}

/**
 * The server knows the ids of a window, but after a crash only those of messages that it still has: ids that may come again are kept as
 * messages of their own.
 */
async function withoutRepeats(
  link: Link,
  topic: string,
  messages: readonly OutgoingMessage[],
): Promise<OutgoingMessage[]> {
  const { idsStream } = link.names;
  const isAccepted = await Promise.all(
    messages.map(async ({ id, mayBeRepeat }) => {
      if (!mayBeRepeat) return false;
      return (await link.last(idsStream, link.names.acceptedId(topic, id))) !== undefined;
    }),
  );
  const seen = new Set<string>();
  return messages.filter(({ id, mayBeRepeat }, index) => {
    if (isAccepted[index] === true || (mayBeRepeat && seen.has(id))) return false;
    seen.add(id);
    return true;
  });
}

async function rememberRepeats(link: Link, topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
  const until = new TextEncoder().encode(String(Date.now() + dedupWindowMs));
  const repeats = messages.filter(({ mayBeRepeat }) => mayBeRepeat);
  await Promise.all(repeats.map(({ id }) => link.publish(link.names.acceptedId(topic, id), until)));
}
