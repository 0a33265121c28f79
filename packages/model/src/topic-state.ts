// What waits in the subscriptions of a running app, and what could not be handled: the dashboard's API and `tenon topic` speak of it so.

export interface SubscriptionState {
  readonly topic: string;
  readonly subscription: string;
  /** Messages without an outcome: waiting, being handled, or waiting for their next attempt. */
  readonly backlog: number;
  /** How long the oldest of them waits; null: there is none, or the engine does not tell. */
  readonly oldestAgeMs: number | null;
  readonly deadLetters: number;
  /** There when counting stopped: a count that has reached it stands for as many or more, and the oldest is that of those counted. */
  readonly countedUpTo?: number;
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
  /** Where it stands in the list, for `after` of the next page; means something to its engine only. */
  readonly position: string;
}

export interface DeadLetterQuery {
  readonly limit: number;
  /** `position` of the last letter of the page before; undefined: the first page. */
  readonly after?: string | undefined;
}

export interface ReplayOptions {
  /** Those; undefined: all. */
  readonly messageIds?: readonly string[] | undefined;
  /** The oldest so many of them; undefined: all. */
  readonly limit?: number | undefined;
  /** They fall due at that rate, the first at once; undefined: all at once. */
  readonly perSecond?: number | undefined;
  /** W3C trace context of the replay, which the redelivered messages are linked to. */
  readonly traceparent?: string | undefined;
}

/** Looks after the messages of an app. */
export interface TopicControl {
  /** Of every subscription that was ever declared. */
  states(): Promise<SubscriptionState[]>;
  /** A page, oldest first. */
  deadLetters(topic: string, subscription: string, query: DeadLetterQuery): Promise<DeadLetter[]>;
  /**
   * Puts dead letters back among what waits, with the ids they had and without the attempts before: behind what waits now, each falling due
   * as `perSecond` says. Resolves with how many there were once they are on their way. A crash leaves each letter among the dead or among
   * the waiting, never both, never neither.
   */
  replay(topic: string, subscription: string, options: ReplayOptions): Promise<number>;
  /** Throws them away for good. Resolves with how many there were. */
  discard(topic: string, subscription: string, messageIds: readonly string[]): Promise<number>;
}
