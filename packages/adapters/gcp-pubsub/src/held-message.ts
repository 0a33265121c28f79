// A message without an order that this process has pulled. The service counts deliveries and waits between them; where the count would be
// wrong, or the wait too long for it, a copy for this subscription takes the place of the message, with its own count in its attributes.
import { type Held, type ReadPubsubMessage, readPubsubMessage } from "@tenon/runtime/engine";
import type { Lease } from "./lease.ts";
import { copyOf, letterOf } from "./message-copy.ts";
import type { ReceivedMessage } from "./pubsub-api.ts";
import type { SubscriptionLink } from "./subscription-link.ts";

/** The service hides no message for longer at once. */
const longestWaitMs = 600_000;

export class HeldMessage implements Held {
  readonly message: Held["message"];
  readonly #received: ReceivedMessage;
  readonly #lease: Lease;
  readonly #link: SubscriptionLink;
  readonly #read: ReadPubsubMessage;

  constructor(received: ReceivedMessage, lease: Lease, link: SubscriptionLink) {
    this.#received = received;
    this.#lease = lease;
    this.#link = link;
    this.#read = readPubsubMessage(received.message);
    const { id, payload, attributes, orderingKey, traceparent, publishedAt } = this.#read;
    const fields = { id, payload, attributes, orderingKey, traceparent, publishedAt };
    this.message = { ...fields, deliverAt: null, mayBeRepeat: false };
  }

  get read(): ReadPubsubMessage {
    return this.#read;
  }

  get attempt(): number {
    return this.#read.attemptsBefore + this.#deliveries;
  }

  get waitsSince(): Date {
    return this.#read.waitsSince;
  }

  get replayTraceparent(): string | null {
    return this.#read.replayTraceparent;
  }

  get lease(): Lease {
    return this.#lease;
  }

  handled(): Promise<boolean> {
    return this.#lease.acknowledge();
  }

  retry(waitMs: number): Promise<boolean> {
    if (waitMs <= this.#longestWaitMs && !this.#isCountFull) return this.#lease.giveBack(waitMs);
    return this.#replace({ attempts: this.attempt, deliverAt: new Date(Date.now() + waitMs) });
  }

  async bury(attempts: number, reason: string): Promise<boolean> {
    if (!this.#lease.isOurs) return false;
    const { message } = this.#received;
    const letter = letterOf(message, this.#read, { attempts, reason, diedAt: new Date() });
    await this.#link.api.publish(this.#link.deadTopicPath, [letter]);
    return this.#lease.acknowledge();
  }

  /** Giving back would count: a copy does not. */
  handBack(): Promise<boolean> {
    return this.#replace({ attempts: this.attempt - 1 });
  }

  extend(leaseMs: number): Promise<boolean> {
    return this.#lease.extend(leaseMs);
  }

  expire(): void {
    this.#lease.expire();
  }

  /**
   * For a message that is for later: nobody has it until then, or, once it is due, the message itself takes the place of what was there. The
   * deliveries before were no attempts.
   */
  async putOff(deliverAt: Date): Promise<void> {
    const { attemptsBefore: attempts, onlyFor } = this.#read;
    const waitMs = deliverAt.getTime() - Date.now();
    const longestMs = this.#longestWaitMs;
    // A retry goes on waiting since it began to; what was published for later begins then.
    const since = onlyFor === null ? { waitsSince: deliverAt } : {};
    if (waitMs > 0 && longestMs > 0 && !this.#isCountFull) await this.#lease.giveBack(Math.min(waitMs, longestMs));
    else if (waitMs > 0) await this.#replace({ attempts, deliverAt, ...since });
    else await this.#replace({ attempts, ...since });
  }

  get #deliveries(): number {
    return this.#received.deliveryAttempt ?? 1;
  }

  /**
   * At the service, which forgets a message at the end of its retention, whoever has it. In the second half of it a copy takes its place, whose
   * retention begins anew.
   */
  get #longestWaitMs(): number {
    const { retentionMs } = this.#link;
    const ageMs = Date.now() - Date.parse(this.#received.message.publishTime);
    return ageMs > retentionMs / 2 ? 0 : Math.min(longestWaitMs, retentionMs / 4);
  }

  /** One more, and the service would make a dead letter of it. */
  get #isCountFull(): boolean {
    return this.#deliveries + 1 >= this.#link.maxDeliveryAttempts;
  }

  /** After a crash in between both are there. */
  async #replace(changes: { attempts: number; deliverAt?: Date; waitsSince?: Date }): Promise<boolean> {
    if (!this.#lease.isOurs) return false;
    const { api, topicPath, spec } = this.#link;
    const { waitsSince, replayTraceparent } = this.#read;
    const copy = copyOf(this.#received.message, this.#read, {
      subscription: spec.name,
      waitsSince,
      replayTraceparent,
      ...changes,
    });
    await api.publish(topicPath, [copy]);
    return this.#lease.acknowledge();
  }
}
