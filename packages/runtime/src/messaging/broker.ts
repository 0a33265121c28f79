// The seam between topics and the engine that carries their messages. An engine keeps what `publish` has acknowledged until the
// outcome of every subscription's handler is known; everything about types, traces and handlers stays on this side of it.

/** A message as engines see it: they never look into the payload. */
export interface OutgoingMessage {
  /** Unique; chosen by the publisher, so that a repeated publish can be told. */
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
  /** Fields of the message that travel beside it, as text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of a topic with the same key are handled one after the other, in the order of publishing; null: no order. */
  readonly orderingKey: string | null;
  /** W3C trace context of the publisher. */
  readonly traceparent: string;
}

export interface Delivery extends OutgoingMessage {
  readonly publishedAt: Date;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborts when the engine takes the message back: its time is over, or the consumer stops. */
  readonly signal: AbortSignal;
}

/** What became of a delivery. `failed` is tried again as the subscription's retry policy says; `refused` never can succeed. */
export type Outcome =
  | { readonly kind: "handled" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

export interface TopicSpec {
  readonly name: string;
  readonly isOrdered: boolean;
  readonly subscriptions: readonly SubscriptionSpec[];
}

export interface SubscriptionSpec {
  readonly topic: string;
  readonly name: string;
  readonly isOrdered: boolean;
  /** At most so many deliveries at once in this process. */
  readonly maxConcurrency: number;
  /** A delivery without an outcome for so long is given to somebody else. */
  readonly ackDeadlineMs: number;
  /** Messages that wait longer go to the dead letters. */
  readonly messageRetentionMs: number;
  readonly retryPolicy: { readonly minBackoffMs: number; readonly maxBackoffMs: number; readonly maxRetries: number };
}

export interface Broker {
  /** Makes all topics and subscriptions of the app known; messages published from then on reach them. Safe to repeat. */
  declare(topics: readonly TopicSpec[]): Promise<void>;
  /** Resolves once every message is safe. Throws what the engine throws: nothing was accepted then, or nobody knows. */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Begins to deliver. `deliver` never rejects. */
  consume(subscription: SubscriptionSpec, deliver: (delivery: Delivery) => Promise<Outcome>): Consumer;
  close(): Promise<void>;
}

export interface Consumer {
  /** Takes no more, and resolves once what is under way has its outcome, or after `timeoutMs`: the rest is delivered again. */
  stop(timeoutMs: number): Promise<void>;
}
