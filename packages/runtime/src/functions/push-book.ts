// The subscriptions of a function: messages are not fetched from a broker but handed over by the platform, one by one or in batches, and
// its own queue keeps what could not be handled.
import type { Consumer, Delivery, Outcome, Receiver, SubscriptionSpec } from "../messaging/broker.ts";
import { isWanted } from "../messaging/engine/is-wanted.ts";

/** A message as platforms hand it over. */
export interface PushedMessage {
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | null;
  /** W3C trace context of the publisher; "" where there is none. */
  readonly traceparent: string;
  readonly publishedAt: Date;
  /** 1 for the first. */
  readonly attempt: number;
  /** W3C trace context of the replay that brought it back from the dead letters; absent: none did. */
  readonly replayTraceparent?: string | null;
}

interface Held {
  readonly subscription: SubscriptionSpec;
  readonly receiver: Receiver;
}

const NEVER = new AbortController().signal;

export class PushBook {
  private readonly held = new Map<string, Held>();

  /** In the place of a broker's `consume`: keeps the receiver for what will be handed over. */
  readonly hold = (subscription: SubscriptionSpec, receiver: Receiver): Consumer => {
    this.held.set(`${subscription.topic}/${subscription.name}`, { subscription, receiver });
    return { stop: async () => {} };
  };

  /** "topic/subscription". */
  get names(): string[] {
    return [...this.held.keys()];
  }

  has(name: string): boolean {
    return this.held.has(name);
  }

  /** How many messages of it may be handled at once. */
  concurrencyOf(name: string): number {
    return this.held.get(name)!.subscription.maxConcurrency;
  }

  /** Never rejects. `signal`: aborts when the platform takes the message back. The book has the name. */
  async deliver(name: string, message: PushedMessage, signal: AbortSignal = NEVER): Promise<Outcome> {
    const { subscription, receiver } = this.held.get(name)!;
    // What others have let through is not for this subscription.
    if (!isWanted(message, subscription.filter)) return { kind: "handled" };
    const { id, payload, attributes, orderingKey, traceparent, publishedAt, attempt } = message;
    const delivery: Delivery = {
      ...{ id, payload, attributes, orderingKey, traceparent, publishedAt, attempt },
      deliverAt: null,
      mayBeRepeat: false,
      replayTraceparent: message.replayTraceparent ?? null,
      signal,
      // The platform gives a function its time once, and no more of it later.
      extend: async () => {},
    };
    return receiver.deliver(delivery);
  }
}
