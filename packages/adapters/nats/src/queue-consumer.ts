// Takes the messages of a subscription without order: one consumer of JetStream for all processes, which keeps who has what, how often it
// was delivered and what comes again when.
import {
  type Consumer,
  type Held,
  handleDelivery,
  leaseMsOf,
  type Receiver,
  type SubscriptionSpec,
  UnderWay,
} from "@tenon/runtime/engine";
import { ackWaitMsOf } from "./prepare-consumers.ts";
import { writeDeadLetter } from "./dead-letters.ts";
import { encode, type Enveloped, messageOf } from "./envelope.ts";
import { Keeper } from "./keeper.ts";
import type { Link } from "./link.ts";
import type { SubscriptionNames } from "./names.ts";
import { Parking } from "./parking.ts";
import { Pull } from "./pull.ts";
import { buryForeign, readTaken } from "./read-taken.ts";
import type { Taken } from "./taken.ts";

export class QueueConsumer implements Consumer {
  readonly #link: Link;
  readonly #names: SubscriptionNames;
  readonly #subscription: SubscriptionSpec;
  readonly #receiver: Receiver;
  readonly #underWay: UnderWay;
  readonly #pull: Pull;

  constructor(link: Link, names: SubscriptionNames, subscription: SubscriptionSpec, receiver: Receiver) {
    this.#link = link;
    this.#names = names;
    this.#subscription = subscription;
    this.#receiver = receiver;
    this.#underWay = new UnderWay(`${subscription.topic}/${subscription.name}`);
    this.#pull = new Pull(link, {
      stream: link.names.queueStream,
      durable: names.durable,
      room: () => subscription.maxConcurrency - this.#underWay.count,
      take: (taken) =>
        this.#underWay.add(
          (stopping) => this.#handle(taken, stopping),
          () => this.#askSoon(),
        ),
    });
  }

  async stop(timeoutMs: number): Promise<void> {
    await Promise.all([this.#pull.stop(), this.#underWay.end(timeoutMs)]);
  }

  #isAsking = false;

  /** Once for all that end in one turn of the event loop. */
  #askSoon(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    setImmediate(() => {
      this.#isAsking = false;
      this.#pull.ask();
    });
  }

  async #handle(taken: Taken, stopping: AbortSignal): Promise<void> {
    const content = readTaken(taken);
    if (content.kind === "message") {
      const held = this.#hold(taken, content.enveloped);
      await handleDelivery(held, this.#subscription, this.#receiver, stopping);
      return;
    }
    // A ticket is from the time when the topic had an order.
    if (content.kind === "ticket") await new Parking(this.#link, this.#names).release(content.ticket.hash);
    else await buryForeign(this.#link, this.#names, this.#receiver, taken, content.reason);
    await taken.acknowledge();
  }

  #hold(taken: Taken, enveloped: Enveloped): Held {
    const { envelope, payload } = enveloped;
    const keeper = new Keeper(taken, leaseMsOf(this.#subscription), ackWaitMsOf(this.#subscription));
    const attempt = (envelope.attempts ?? 0) + taken.deliveries;
    return {
      message: messageOf(enveloped),
      attempt,
      waitsSince: new Date(envelope.since),
      lastReason: undefined,
      replayTraceparent: envelope.replay ?? null,
      handled: () => keeper.settle(() => taken.acknowledge()),
      retry: (waitMs) => keeper.settle(() => taken.refuse(waitMs)),
      bury: (attempts, reason) =>
        keeper.settle(async () => {
          await writeDeadLetter(this.#link, this.#names, enveloped, attempts, reason);
          await taken.acknowledge();
        }),
      // The server counts each delivery; a copy knows that this one does not count.
      handBack: () =>
        keeper.settle(async () => {
          const copy = encode({ envelope: { ...envelope, attempts: attempt - 1 }, payload });
          const messageId = `back/${taken.seq}/${taken.deliveries}`;
          await this.#link.publish(this.#names.message(envelope.key), copy, { messageId });
          await taken.acknowledge();
        }),
      extend: (leaseMs) => keeper.extend(leaseMs),
      expire: () => keeper.expire(),
    };
  }
}
