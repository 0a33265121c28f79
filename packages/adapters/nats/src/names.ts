// The names that an app's messages have in JetStream.
//
//   <p>.q.<topic>.<subscription>.<lane>.m   queue: a message
//   <p>.q.<topic>.<subscription>.<lane>.t   queue: a ticket, the turn of a key whose messages are parked
//   <p>.h.<topic>.<subscription>.later.<id>  held: a message that falls due later
//   <p>.h.<topic>.<subscription>.ticket.<k>  held: a ticket that falls due later
//   <p>.h.<topic>.<subscription>.dead.<id>   held: a dead letter
//   <p>.p.<topic>.<subscription>.<k>.<n>     held: a parked message of the key with the hash k
//   <p>.meta.<topic>                         which subscriptions there are
//   <p>.seen.<topic>.<subscription>          a process has had it in its code, within `unseenMs`
//   <p>.ids.<topic>.<id>                     an id that was accepted within the dedup window
import { createHash } from "node:crypto";

/** Keys of an ordered subscription are spread over so many lanes, whose messages are handled one after the other. */
export const laneCount = 32;

/** Subjects and names are made of tokens; what may not stand in one is written as "=" and its code. */
export function token(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/g, (character) => `=${character.codePointAt(0)!.toString(16)}=`);
}

export class Names {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = token(prefix);
  }

  /** Where messages wait; each is removed once it is acknowledged. */
  get queueStream(): string {
    return `${this.#prefix}-queue`;
  }

  /** What waits for a time or for a person; one message per subject. */
  get heldStream(): string {
    return `${this.#prefix}-held`;
  }

  get metaStream(): string {
    return `${this.#prefix}-meta`;
  }

  get idsStream(): string {
    return `${this.#prefix}-ids`;
  }

  get seenStream(): string {
    return `${this.#prefix}-seen`;
  }

  get queueSubjects(): string {
    return `${this.#prefix}.q.>`;
  }

  get heldSubjects(): string[] {
    return [`${this.#prefix}.h.>`, `${this.#prefix}.p.>`];
  }

  get metaSubjects(): string {
    return `${this.#prefix}.meta.*`;
  }

  get seenSubjects(): string {
    return `${this.#prefix}.seen.>`;
  }

  get idsSubjects(): string {
    return `${this.#prefix}.ids.>`;
  }

  meta(topic: string): string {
    return `${this.#prefix}.meta.${token(topic)}`;
  }

  seen(topic: string, subscription: string): string {
    return `${this.#prefix}.seen.${token(topic)}.${token(subscription)}`;
  }

  acceptedId(topic: string, id: string): string {
    return `${this.#prefix}.ids.${token(topic)}.${token(id)}`;
  }

  of(topic: string, subscription: string): SubscriptionNames {
    return new SubscriptionNames(this.#prefix, topic, subscription);
  }
}

export class SubscriptionNames {
  /** "<topic>.<subscription>" in tokens. */
  readonly #place: string;
  readonly #prefix: string;
  /** Of its consumers. */
  readonly durable: string;

  constructor(prefix: string, topic: string, subscription: string) {
    this.#prefix = prefix;
    this.#place = `${token(topic)}.${token(subscription)}`;
    this.durable = `${token(topic)}__${token(subscription)}`;
  }

  /** What a message of it is called when it is published, so that the server tells a repeat. */
  publishId(id: string): string {
    return `${this.#place}/${id}`;
  }

  get queue(): string {
    return `${this.#prefix}.q.${this.#place}.>`;
  }

  lane(lane: number): string {
    return `${this.#prefix}.q.${this.#place}.${lane}.*`;
  }

  laneDurable(lane: number): string {
    return `${this.durable}__${lane}`;
  }

  message(orderingKey: string | null): string {
    return `${this.#prefix}.q.${this.#place}.${laneOf(keyHash(orderingKey))}.m`;
  }

  ticket(hash: string): string {
    return `${this.#prefix}.q.${this.#place}.${laneOf(hash)}.t`;
  }

  get held(): string {
    return `${this.#prefix}.h.${this.#place}.>`;
  }

  get heldDurable(): string {
    return `${this.durable}__held`;
  }

  later(id: string): string {
    return `${this.#prefix}.h.${this.#place}.later.${token(id)}`;
  }

  laterTicket(hash: string): string {
    return `${this.#prefix}.h.${this.#place}.ticket.${hash}`;
  }

  dead(id: string): string {
    return `${this.#prefix}.h.${this.#place}.dead.${token(id)}`;
  }

  get allLater(): string {
    return `${this.#prefix}.h.${this.#place}.later.*`;
  }

  get allDead(): string {
    return `${this.#prefix}.h.${this.#place}.dead.*`;
  }

  get allParked(): string {
    return `${this.#prefix}.p.${this.#place}.*.*`;
  }

  parkedOf(hash: string): string {
    return `${this.#prefix}.p.${this.#place}.${hash}.*`;
  }

  /** `from`: sequence in the queue. */
  parked(hash: string, from: number): string {
    return `${this.#prefix}.p.${this.#place}.${hash}.${from}`;
  }
}

/** null and "" are one key. */
export function keyHash(orderingKey: string | null): string {
  return createHash("sha256")
    .update(orderingKey ?? "")
    .digest("hex")
    .slice(0, 24);
}

function laneOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 4), 16) % laneCount;
}
