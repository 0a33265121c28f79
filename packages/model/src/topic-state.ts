// What waits in the subscriptions of a running app, and what could not be handled: the dashboard's API and `tenon topic` speak of it so.

export interface SubscriptionState {
  readonly topic: string;
  readonly subscription: string;
  /** Messages without an outcome: waiting, being handled, or waiting for their next attempt. */
  readonly backlog: number;
  /** How long the oldest of them waits; null: there is none. */
  readonly oldestAgeMs: number | null;
  readonly deadLetters: number;
}

/** A message that could not be handled, kept until somebody replays it. */
export interface DeadLetter {
  readonly messageId: string;
  /** The message as JSON. */
  readonly message: unknown;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | null;
  /** Why the last attempt failed. */
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601, as `diedAt`. */
  readonly publishedAt: string;
  readonly diedAt: string;
  /** Of the publisher. */
  readonly traceId: string;
}

/** Looks after the messages of an app. */
export interface TopicControl {
  /** Of every subscription that was ever declared. */
  states(): Promise<SubscriptionState[]>;
  /** Oldest first. */
  deadLetters(topic: string, subscription: string, limit: number): Promise<DeadLetter[]>;
  /**
   * Puts dead letters behind what waits, with the ids they had and all attempts before them. `messageIds`: those; undefined: all.
   * Resolves with how many there were.
   */
  replay(topic: string, subscription: string, messageIds: readonly string[] | undefined): Promise<number>;
}
