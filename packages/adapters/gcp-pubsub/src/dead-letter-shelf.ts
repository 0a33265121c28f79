// Dead letters of a subscription, in a subscription of their own. A queue cannot be looked into: they are pulled, looked at, and all but those
// that are taken away are given back. Who looks at the same time sees only what is left.
import { pubsubAttributes, type ReadPubsubMessage, readPubsubMessage } from "@tenon/runtime/engine";
import type { PubsubApi, ReceivedMessage } from "./pubsub-api.ts";

/** Of one look; the oldest come first, more or less. */
const mostLetters = 10_000;
const mostAtOnce = 1_000;
/** While they are looked at nobody else is given them. */
const lookSeconds = 60;

export interface Letter {
  readonly received: ReceivedMessage;
  readonly read: ReadPubsubMessage;
  readonly reason: string;
  readonly attempts: number;
  readonly publishedAt: Date;
  readonly diedAt: Date;
  /** Sorts by when they died. */
  readonly position: string;
}

export class DeadLetterShelf {
  readonly #api: PubsubApi;
  readonly #path: string;
  readonly #removed = new Set<Letter>();

  /** `path`: whole name of the subscription that has the letters. */
  constructor(api: PubsubApi, path: string) {
    this.#api = api;
    this.#path = path;
  }

  /** `look` gets them all, oldest first; what it does not remove is back behind it. */
  async open<Result>(look: (letters: readonly Letter[]) => Promise<Result>): Promise<Result> {
    const taken = new Map<string, Letter>();
    try {
      await this.#takeAll(taken);
      return await look([...taken.values()].sort((a, b) => (a.position < b.position ? -1 : 1)));
    } finally {
      const left = [...taken.values()].filter((letter) => !this.#removed.has(letter));
      await this.#each(left, (ackIds) => this.#api.modifyAckDeadline(this.#path, ackIds, 0));
    }
  }

  /** For good. */
  async remove(letters: readonly Letter[]): Promise<void> {
    await this.#each(letters, (ackIds) => this.#api.acknowledge(this.#path, ackIds));
    for (const letter of letters) this.#removed.add(letter);
  }

  /** By id: one that comes again, since taking them all has lasted, is the same one under a newer acknowledgement. */
  async #takeAll(taken: Map<string, Letter>): Promise<void> {
    for (let pulled = 0; pulled < mostLetters; ) {
      const received = await this.#api.pull(this.#path, mostAtOnce, { isImmediate: true });
      if (received.length === 0) return;
      pulled += received.length;
      const part = received.map(letterFrom);
      for (const letter of part) taken.set(letter.received.message.messageId, letter);
      await this.#each(part, (ackIds) => this.#api.modifyAckDeadline(this.#path, ackIds, lookSeconds));
    }
  }

  async #each(letters: readonly Letter[], write: (ackIds: readonly string[]) => Promise<void>): Promise<void> {
    for (let from = 0; from < letters.length; from += mostAtOnce) {
      await write(letters.slice(from, from + mostAtOnce).map(({ received }) => received.ackId));
    }
  }
}

/** One that the service itself has put there has no reason, and its count in an attribute of the service. */
export function letterFrom(received: ReceivedMessage): Letter {
  const { attributes = {}, messageId, publishTime } = received.message;
  const read = readPubsubMessage(received.message);
  const diedAt = new Date(Number(attributes[pubsubAttributes.diedAt] ?? Date.parse(publishTime)));
  const ownReason = attributes[pubsubAttributes.reason];
  const deliveries = Number(attributes["CloudPubSubDeadLetterSourceDeliveryCount"] ?? 0);
  const publishedByService = attributes["CloudPubSubDeadLetterSourceTopicPublishTime"];
  const isOfService = ownReason === undefined && publishedByService !== undefined;
  return {
    received,
    read,
    reason: ownReason ?? `Pub/Sub has delivered it ${deliveries} times, each time without an outcome`,
    attempts: ownReason === undefined ? read.attemptsBefore + deliveries : read.attemptsBefore,
    publishedAt: isOfService ? new Date(publishedByService) : read.publishedAt,
    diedAt,
    position: `${String(diedAt.getTime()).padStart(15, "0")}/${messageId}`,
  };
}
