// The parked messages of an ordered subscription: when a message of a key has to wait for its next attempt, it and those of its key that
// come after it stand here, in order, so that the lane goes on with other keys. Only whoever has the lane's message in hand, which is
// one process at a time, changes what stands here.
import { decode, encode, type Enveloped } from "./envelope.ts";
import { type Link, WrongLastSequence } from "./link.ts";
import type { SubscriptionNames } from "./names.ts";

export interface Parked {
  /** In the held stream. */
  readonly seq: number;
  readonly enveloped: Enveloped;
}

export class Parking {
  readonly #link: Link;
  readonly #names: SubscriptionNames;

  constructor(link: Link, names: SubscriptionNames) {
    this.#link = link;
    this.#names = names;
  }

  /** The first of a key. */
  async first(hash: string): Promise<Parked | undefined> {
    const stored = await this.#link.first(this.#link.names.heldStream, this.#names.parkedOf(hash));
    return stored && { seq: stored.seq, enveloped: decode(stored.data) };
  }

  /** Behind those of its key. `from`: its sequence in the queue, under which it stands here once, and where it stood first. */
  async add(hash: string, from: number, enveloped: Enveloped): Promise<number> {
    const subject = this.#names.parked(hash, from);
    for (;;) {
      try {
        return await this.#link.publish(subject, encode(enveloped), { expectedLastSequence: 0 });
      } catch (error) {
        if (!(error instanceof WrongLastSequence)) throw error;
      }
      const stored = await this.#link.last(this.#link.names.heldStream, subject);
      if (stored !== undefined) return stored.seq;
    }
  }

  async remove(seq: number): Promise<void> {
    await this.#link.remove(this.#link.names.heldStream, seq);
  }

  /** Back into the queue with all of a key, where the topic no longer has an order. */
  async release(hash: string): Promise<void> {
    for (;;) {
      const parked = await this.first(hash);
      if (parked === undefined) return;
      const subject = this.#names.message(parked.enveloped.envelope.key);
      await this.#link.publish(subject, encode(parked.enveloped), { messageId: `release/${parked.seq}` });
      await this.remove(parked.seq);
    }
  }
}
