// The seam between topics and the engine that carries their messages. An engine keeps what `publish` has acknowledged until the
// outcome of every subscription's handler is known; everything about types, traces and handlers stays on this side of it.
import type { TopicControl } from "@tenon/model";

/** A message as engines see it: they never look into the payload. */
export interface OutgoingMessage {
  /** Unique within the topic; chosen by the publisher, so that a repeated publish can be told. */
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
  /** Fields of the message that travel beside it, as text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of a topic with the same key are handled one after the other, in the order of publishing; null: no order. */
  readonly orderingKey: string | null;
  /** W3C trace context of the publisher. */
  readonly traceparent: string;
  /** Nobody is given it before; null: at once. Never together with an ordering key. */
  readonly deliverAt: Date | null;
  /**
   * It may have been published before, each time with this said: an id that the topic has accepted within `dedupWindowMs` is accepted
   * again and reaches nobody twice.
   */
  readonly mayBeRepeat: boolean;
}

/** How long a topic remembers the ids of messages that may be repeats. */
export const dedupWindowMs = 10 * 60_000;

/**
 * A subscription that has been in the code of no process for so long gets no more messages. Versions of an app run side by side, and none
 * of them knows what the others have; a day is longer than deploying one, going back to the one before, and an outage of a service.
 */
export const unseenMs = 24 * 60 * 60_000;

export interface Delivery extends OutgoingMessage {
  readonly publishedAt: Date;
  /** 1 for the first. */
  readonly attempt: number;
  /** W3C trace context of the replay that brought it back from the dead letters; null: none did. */
  readonly replayTraceparent: string | null;
  /** Aborts when the engine takes the message back: its time is over, or the consumer stops. */
  readonly signal: AbortSignal;
  /** From now on the handler may take `durationMs`. Throws LeaseLost when the message is somebody else's by now. */
  extend(durationMs: number): Promise<void>;
}

/** What became of a delivery. `failed` is tried again as the subscription's retry policy says; `refused` never can succeed. */
export type Outcome =
  | { readonly kind: "handled" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

export interface Burial {
  readonly message: OutgoingMessage & { readonly publishedAt: Date };
  readonly attempts: number;
  readonly reason: string;
}

/** What a consumer gives its deliveries to. Neither of its methods rejects. */
export interface Receiver {
  deliver(delivery: Delivery): Promise<Outcome>;
  /** The message is about to become a dead letter. After a crash in the middle it is told again. */
  bury(burial: Burial): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly isOrdered: boolean;
  readonly deliveryGuarantee: "at-least-once" | "exactly-once";
  readonly subscriptions: readonly SubscriptionSpec[];
}

export interface SubscriptionSpec {
  readonly topic: string;
  readonly name: string;
  readonly isOrdered: boolean;
  /** Only messages whose attribute has one of the values, for each name; null: all messages. What does not match is never delivered. */
  readonly filter: Readonly<Record<string, readonly string[]>> | null;
  /** At most so many deliveries at once in this process. */
  readonly maxConcurrency: number;
  /** A delivery without an outcome for so long is given to somebody else. */
  readonly ackDeadlineMs: number;
  /** Messages that wait longer go to the dead letters. */
  readonly messageRetentionMs: number;
  readonly retryPolicy: { readonly minBackoffMs: number; readonly maxBackoffMs: number; readonly maxRetries: number };
}

export interface Broker {
  /** `messaging.system` of OpenTelemetry: "postgresql", "nats", "redis". */
  readonly system: string;
  /**
   * false: ids that were accepted are not known, so `mayBeRepeat` is refused. What an outbox hands over again after a crash then arrives again;
   * a `dedupKey` is refused before anything is published. Where it differs by topic, a function of the topic's name says so.
   */
  readonly remembersIds?: false | ((topic: string) => boolean);
  /**
   * Makes all topics and subscriptions of the app known; messages published from then on reach them. Safe to repeat. Other subscriptions
   * of these topics go on, until no process has had them in its code for `unseenMs`: then they get no more, and keep what they have.
   * Throws EngineCannot (engine, topic or subscription, what it cannot do) rather than promise less than was declared.
   */
  declare(topics: readonly TopicSpec[]): Promise<void>;
  /** Resolves once every message is safe. Throws what the engine throws: nothing was accepted then, or nobody knows. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Begins to deliver. */
  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer;
  close(): Promise<void>;
}

export interface Consumer {
  /** Takes no more, and resolves once what is under way has its outcome, or after `timeoutMs`: the rest is delivered again. */
  stop(timeoutMs: number): Promise<void>;
}

/** What the package of an engine exports: the module of `{"type": "nats"}` in infra.json is `@tenon/nats`. `config`: that object, read. */
export interface BrokerAdapter<Config = unknown> {
  createBroker(config: Config): Broker;
  /** For `tenon topic` and the dashboard. */
  createTopicControl(config: Config): TopicControl;
}
