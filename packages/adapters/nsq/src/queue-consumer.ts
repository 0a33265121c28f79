// Takes the messages of a subscription: its channel on every server. The servers keep who has what, how often it was delivered and what
// comes again when; what they cannot is done with copies.
import { setTimeout as pause } from "node:timers/promises";
import {
  type Consumer,
  type Held,
  handleDelivery,
  isWanted,
  leaseMsOf,
  type Receiver,
  type SubscriptionSpec,
  UnderWay,
  Slots,
} from "@tenon/runtime/engine";
import { ChannelReader } from "./channel-reader.ts";
import type { Address } from "./config.ts";
import type { Connection } from "./connection.ts";
import { Copies } from "./copies.ts";
import { type Enveloped, messageOf } from "./envelope.ts";
import type { WireMessage } from "./frame-reader.ts";
import { Keeper } from "./keeper.ts";
import type { SubscriptionNames } from "./names.ts";
import type { Publisher } from "./publisher.ts";
import { Taken } from "./taken.ts";
import { hasTimeLeft, longestDelayMs, longestMsOf, msgTimeoutMsOf } from "./times.ts";

export interface QueueConsumerOptions {
  readonly addresses: readonly Address[];
  readonly publisher: Publisher;
  readonly names: SubscriptionNames;
  readonly subscription: SubscriptionSpec;
  readonly receiver: Receiver;
}

/** Where nothing was begun: it may go better for somebody else, and not at once. */
const afterFailureMs = 500;
/** For the servers to hear that nothing more is wanted. */
const lastWordsMs = 1_000;

export class QueueConsumer implements Consumer {
  readonly #subscription: SubscriptionSpec;
  readonly #receiver: Receiver;
  readonly #names: SubscriptionNames;
  readonly #copies: Copies;
  readonly #underWay: UnderWay;
  readonly #slots: Slots;
  readonly #readers: readonly ChannelReader[];

  constructor({ addresses, publisher, names, subscription, receiver }: QueueConsumerOptions) {
    const { topic, name, maxConcurrency } = subscription;
    this.#subscription = subscription;
    this.#receiver = receiver;
    this.#names = names;
    this.#copies = new Copies(publisher, names);
    this.#underWay = new UnderWay(`${topic}/${name}`);
    this.#slots = new Slots(maxConcurrency);
    const options = {
      topic: names.topic,
      channel: names.channel,
      share: Math.ceil(maxConcurrency / addresses.length),
      msgTimeoutMs: msgTimeoutMsOf(subscription),
      take: (wire: WireMessage, connection: Connection) => this.#take(new Taken(wire, connection), connection),
    };
    this.#readers = addresses.map((address) => new ChannelReader(address, options));
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#slots.close();
    const closing = Promise.all(this.#readers.map((reader) => reader.stop()));
    await this.#underWay.end(timeoutMs);
    await Promise.race([closing, pause(lastWordsMs, undefined, { ref: false })]);
    // What was on its way when the servers were told.
    await this.#underWay.end(0);
    await Promise.all(this.#readers.map((reader) => reader.end()));
  }

  #take(taken: Taken, connection: Connection): void {
    this.#underWay.add(
      async (stopping) => {
        const enveloped = await this.#prepare(taken);
        if (enveloped !== undefined) await this.#waitAndHandle(taken, enveloped, connection, stopping);
      },
      () => {},
    );
  }

  /** undefined: nothing is to be handled now. */
  async #prepare(taken: Taken): Promise<Enveloped | undefined> {
    try {
      const { enveloped } = taken;
      if (enveloped === undefined) await this.#buryForeign(taken);
      else if (!this.#isOurs(enveloped)) taken.finish();
      else if (enveloped.travel.due === undefined) return enveloped;
      else await this.#putOff(taken, enveloped, enveloped.travel.due);
      return undefined;
    } catch (error) {
      taken.requeue(afterFailureMs);
      throw error;
    }
  }

  /** A channel gets all of its topic. */
  #isOurs({ travel, attributes }: Enveloped): boolean {
    const { only } = travel;
    if (only !== undefined && only !== this.#names.channel) return false;
    return isWanted({ attributes }, this.#subscription.filter);
  }

  /** Deliveries before it was due are no attempts: once it is, a copy starts from the beginning. */
  async #putOff(taken: Taken, enveloped: Enveloped, due: number): Promise<void> {
    const waitMs = due - Date.now();
    if (waitMs > 0) {
      taken.requeue(Math.min(waitMs, longestDelayMs));
      return;
    }
    await this.#copies.again(enveloped, {});
    taken.finish();
  }

  /** Anybody can have published it: it is kept for people, as text, so that it stands in nobody's way. */
  async #buryForeign(taken: Taken): Promise<void> {
    const { id, publishedAt, body } = taken.wire;
    const travel = { key: null, trace: "", publishedAt, since: publishedAt };
    const enveloped = { id: `foreign-${id}`, attributes: {}, travel, payload: JSON.stringify(body.toString()) };
    const reason = "it is no message of the engine's";
    await this.#receiver.bury({ message: messageOf(enveloped), attempts: 0, reason });
    await this.#copies.dead(enveloped, 0, reason);
    taken.finish();
  }

  async #waitAndHandle(
    taken: Taken,
    enveloped: Enveloped,
    connection: Connection,
    stopping: AbortSignal,
  ): Promise<void> {
    const hasSlot = this.#slots.tryTake() || (await this.#waitForSlot(taken));
    try {
      const waitedMs = performance.now() - taken.deliveredAt;
      // It is somebody else's by now.
      if (waitedMs > longestMsOf(connection.limits)) return;
      const held = this.#hold(taken, enveloped, connection);
      const hasTime = hasTimeLeft(this.#subscription, connection.limits, waitedMs);
      if (hasSlot && hasTime) await handleDelivery(held, this.#subscription, this.#receiver, stopping);
      else await held.handBack();
    } finally {
      if (hasSlot) this.#slots.give();
    }
  }

  /** What it waits is not to be taken from the handler's time. */
  async #waitForSlot(taken: Taken): Promise<boolean> {
    const keepUp = setInterval(() => taken.touch(), msgTimeoutMsOf(this.#subscription) / 3);
    const hasSlot = await this.#slots.take().finally(() => clearInterval(keepUp));
    taken.touch();
    return hasSlot;
  }

  #hold(taken: Taken, enveloped: Enveloped, { limits }: Connection): Held {
    const { topic, name } = this.#subscription;
    const { travel } = enveloped;
    const times = {
      leaseMs: leaseMsOf(this.#subscription),
      msgTimeoutMs: msgTimeoutMsOf(this.#subscription),
      longestMs: longestMsOf(limits),
    };
    const keeper = new Keeper(taken, `${topic}/${name}`, times);
    const attempt = (travel.attempts ?? 0) + taken.wire.attempts;
    const replaceWith = (copy: () => Promise<void>) =>
      keeper.settle(async () => {
        await copy();
        taken.finish();
      });
    return {
      message: messageOf(enveloped),
      attempt,
      waitsSince: new Date(travel.since),
      replayTraceparent: travel.replay ?? null,
      handled: () => keeper.settle(() => taken.finish()),
      retry: (waitMs) =>
        waitMs <= longestDelayMs
          ? keeper.settle(() => taken.requeue(waitMs))
          : replaceWith(() => this.#copies.again(enveloped, { attempts: attempt, due: Date.now() + waitMs })),
      bury: (attempts, reason) => replaceWith(() => this.#copies.dead(enveloped, attempts, reason)),
      // The server counts each delivery; a copy knows that this one does not count.
      handBack: () => replaceWith(() => this.#copies.again(enveloped, { attempts: attempt - 1 })),
      extend: async (leaseMs) => keeper.extend(leaseMs),
      expire: () => keeper.expire(),
    };
  }
}
