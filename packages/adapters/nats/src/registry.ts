// Which subscriptions a topic has: written by whoever declares them, known to whoever publishes. A change reaches every process at once
// and is read again after a loss of the connection.
import type { SubscriptionSpec, TopicSpec } from "@tenon/runtime/engine";
import { type Link, WrongLastSequence } from "./link.ts";

export interface KnownSubscription {
  /** False: it is no longer in the code. It gets no more, and keeps what it has. */
  readonly active: boolean;
  readonly ordered: boolean;
  readonly filter: SubscriptionSpec["filter"];
}

export interface KnownTopic {
  readonly topic: string;
  readonly subscriptions: Readonly<Record<string, KnownSubscription>>;
}

export class Registry {
  readonly #link: Link;
  readonly #topics = new Map<string, KnownTopic>();

  constructor(link: Link) {
    this.#link = link;
    link.connection.subscribe(link.names.metaSubjects, {
      callback: (error, message) => {
        if (error === null) this.#learn(message.json<KnownTopic>());
      },
    });
    link.onReconnect(() => void this.#learnAgain());
  }

  /** undefined: nobody has declared it. The same value as before: nothing has changed. */
  topic(name: string): KnownTopic | undefined {
    return this.#topics.get(name);
  }

  async declare(spec: TopicSpec): Promise<void> {
    for (;;) {
      const { metaStream } = this.#link.names;
      const subject = this.#link.names.meta(spec.name);
      const stored = await this.#link.last(metaStream, subject);
      const before = stored === undefined ? undefined : read(stored.data);
      const after = merge(before, spec);
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        try {
          const text = new TextEncoder().encode(JSON.stringify(after));
          await this.#link.publish(subject, text, { expectedLastSequence: stored?.seq ?? 0 });
        } catch (error) {
          // Another process has declared meanwhile.
          if (error instanceof WrongLastSequence) continue;
          throw error;
        }
      }
      this.#learn(after);
      return;
    }
  }

  #learn(topic: KnownTopic): void {
    this.#topics.set(topic.topic, topic);
  }

  async #learnAgain(): Promise<void> {
    for (const name of this.#topics.keys()) {
      const stored = await this.#link.last(this.#link.names.metaStream, this.#link.names.meta(name)).catch(() => {});
      if (stored !== undefined) this.#learn(read(stored.data));
    }
  }
}

/** All topics that were ever declared, by name. */
export async function allTopics(link: Link): Promise<KnownTopic[]> {
  const topics: KnownTopic[] = [];
  for (let from = 1; ; ) {
    const stored = await link.first(link.names.metaStream, link.names.metaSubjects, from);
    if (stored === undefined) return topics.sort((a, b) => (a.topic < b.topic ? -1 : 1));
    topics.push(read(stored.data));
    from = stored.seq + 1;
  }
}

function merge(before: KnownTopic | undefined, { name: topic, subscriptions }: TopicSpec): KnownTopic {
  const retired = Object.entries(before?.subscriptions ?? {}).map(([name, one]) => [name, { ...one, active: false }]);
  const declared = subscriptions.map(({ name, isOrdered, filter }) => [
    name,
    { active: true, ordered: isOrdered, filter },
  ]);
  const all = Object.entries<KnownSubscription>(Object.fromEntries([...retired, ...declared]));
  return { topic, subscriptions: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function read(data: Uint8Array): KnownTopic {
  return JSON.parse(new TextDecoder().decode(data)) as KnownTopic;
}
