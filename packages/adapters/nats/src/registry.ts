// Which subscriptions a topic has: written by whoever declares them, known to whoever publishes. A change reaches every process at once
// and is read again after a loss of the connection.
import type { Sighting, SubscriptionSpec, TopicSpec } from "@tenon/runtime/engine";
import { type Link, WrongLastSequence } from "./link.ts";

export interface KnownSubscription {
  /** False: it is in nobody's code. It gets no more, and keeps what it has. */
  readonly active: boolean;
  readonly ordered: boolean;
  readonly filter: SubscriptionSpec["filter"];
  /** That somebody has seen it is written down; without this it is from before that was so, and nobody knows. */
  readonly marked?: true;
}

export interface KnownTopic {
  readonly topic: string;
  /** The sequence of what this replaced: of two the later has the higher one. What is learned may arrive in any order. */
  readonly after?: number;
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

  /** Makes the subscriptions known as they are in this process's code, and is a sighting of them. */
  async declare(spec: TopicSpec, sighting: Sighting): Promise<void> {
    const ours = spec.subscriptions.map(({ name, isOrdered: ordered, filter }) => [name, { ordered, filter }] as const);
    await this.#see(spec.name, new Map(ours), sighting);
  }

  /** They are in the code of this process still; what they are like is left as whoever declared last has it. */
  async sight({ name, subscriptions }: TopicSpec, sighting: Sighting): Promise<void> {
    await this.#see(name, new Map(subscriptions.map((one) => [one.name, {}])), sighting);
  }

  async #see(topic: string, declared: ReadonlyMap<string, Changes>, { retireAfterMs }: Sighting): Promise<void> {
    const { names } = this.#link;
    let ours = declared;
    await Promise.all([...ours.keys()].map((name) => this.#mark(topic, name)));
    for (;;) {
      const stored = await this.#link.last(names.metaStream, names.meta(topic));
      const before = stored === undefined ? undefined : read(stored.data);
      const others = Object.entries(before?.subscriptions ?? {}).filter(([name]) => !ours.has(name));
      const unmarked = others.filter(([, { marked }]) => marked !== true).map(([name]) => name);
      await Promise.all(unmarked.map((name) => this.#mark(topic, name)));
      // Marks are gone from their stream after `unseenMs`, by the server's clock.
      const active = others.filter(([, one]) => one.active).map(([name]) => name);
      const unseen = retireAfterMs === null ? [] : await this.#withoutMark(topic, active);
      const subscriptions = change(before, ours, unmarked, unseen);
      if (before !== undefined && JSON.stringify(subscriptions) === JSON.stringify(before.subscriptions)) {
        this.#learn(before);
      } else {
        const changed = { topic, after: stored?.seq ?? 0, subscriptions };
        if (!(await this.#write(changed))) continue;
        this.#learn(changed);
      }
      // Who was seen in between may have found it active still, and has written nothing.
      const gone = await this.#withoutMark(topic, unseen);
      const back = unseen.filter((name) => !gone.includes(name));
      if (back.length === 0) return;
      ours = new Map([...ours, ...back.map((name) => [name, {}] as const)]);
    }
  }

  /** False: another process has written meanwhile. */
  async #write(topic: KnownTopic): Promise<boolean> {
    try {
      const text = new TextEncoder().encode(JSON.stringify(topic));
      await this.#link.publish(this.#link.names.meta(topic.topic), text, { expectedLastSequence: topic.after ?? 0 });
      return true;
    } catch (error) {
      if (error instanceof WrongLastSequence) return false;
      throw error;
    }
  }

  async #mark(topic: string, subscription: string): Promise<void> {
    await this.#link.publish(this.#link.names.seen(topic, subscription), new Uint8Array());
  }

  async #withoutMark(topic: string, subscriptions: readonly string[]): Promise<string[]> {
    const { names } = this.#link;
    const marks = await Promise.all(
      subscriptions.map((name) => this.#link.last(names.seenStream, names.seen(topic, name))),
    );
    return subscriptions.filter((_, index) => marks[index] === undefined);
  }

  #learn(topic: KnownTopic): void {
    const known = this.#topics.get(topic.topic)?.after;
    if (known !== undefined && topic.after !== undefined && topic.after <= known) return;
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

type Changes = Partial<Pick<KnownSubscription, "ordered" | "filter">>;

function change(
  before: KnownTopic | undefined,
  ours: ReadonlyMap<string, Changes>,
  unmarked: readonly string[],
  unseen: readonly string[],
): KnownTopic["subscriptions"] {
  const all = new Map<string, KnownSubscription>(Object.entries(before?.subscriptions ?? {}));
  for (const [name, changes] of ours) {
    const known = all.get(name);
    const { ordered = known?.ordered, filter = known?.filter } = changes;
    // A sighting of what nobody has declared: the registry was lost, and says nothing until somebody declares again.
    if (ordered === undefined || filter === undefined) continue;
    all.set(name, { active: true, ordered, filter, marked: true });
  }
  for (const name of unmarked) all.set(name, { ...all.get(name)!, marked: true });
  for (const name of unseen) all.set(name, { ...all.get(name)!, active: false });
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function read(data: Uint8Array): KnownTopic {
  return JSON.parse(new TextDecoder().decode(data)) as KnownTopic;
}
