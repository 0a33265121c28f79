// What cannot be said to an nsqd about a message is said with a copy of it, for the one channel that it is about: that an attempt did not
// count, that it is due later than the server puts anything off, that it is dead. The copy is in a queue before the original goes.
import { encode, type Enveloped, type Travel } from "./envelope.ts";
import type { SubscriptionNames } from "./names.ts";
import type { Publisher } from "./publisher.ts";

export class Copies {
  readonly #publisher: Publisher;
  readonly #names: SubscriptionNames;

  constructor(publisher: Publisher, names: SubscriptionNames) {
    this.#publisher = publisher;
    this.#names = names;
  }

  /** It comes again, with what `changes` says of it. */
  async again(enveloped: Enveloped, changes: Partial<Travel>): Promise<void> {
    const { due: _due, ...rest } = enveloped.travel;
    const travel: Travel = { ...rest, ...changes, only: this.#names.channel };
    await this.#publisher.publish(this.#names.topic, [encode({ ...enveloped, travel })]);
  }

  /** Among the dead letters. */
  async dead(enveloped: Enveloped, attempts: number, reason: string): Promise<void> {
    const travel: Travel = { ...enveloped.travel, attempts, reason, diedAt: Date.now() };
    await this.#publisher.publish(this.#names.deadTopic, [encode({ ...enveloped, travel })]);
  }
}
