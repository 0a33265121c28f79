// The declaration of a subscription. The compiler reads its settings; at run time it keeps the handlers until the host asks for them.
import type { DurationString } from "@tenon/model";
import type { SQLDatabase } from "../data/sql-database.ts";
import type {
  BatchContext,
  BatchResult,
  DeadLetterContext,
  MessageContext,
  TransactionContext,
} from "./message-context.ts";
import type { MessageFilter, Topic } from "./topic.ts";

/** When a message that failed comes again, and for how long. */
export interface RetryPolicy {
  /** Wait before the second attempt; doubled for each one after it. Default: "10s". */
  minBackoff?: DurationString;
  /** Default: "10m". */
  maxBackoff?: DurationString;
  /** Attempts after the first before the message goes to the dead letters. Default, and for 0: 100. */
  maxRetries?: number;
}

/** Settings of every subscription. */
export interface SubscriptionSettings<Msg> {
  /**
   * So many messages at once in one process. Default: 100, or `batch.maxSize` where that is more; 5 with a `database`, where each has a
   * connection to itself. Negative: no limit.
   */
  maxConcurrency?: number;
  /** How long a handler may take before the message is given to somebody else. Default: "30s". */
  ackDeadline?: DurationString;
  /** How long a message is tried before it goes to the dead letters. Default: "7d". */
  messageRetention?: DurationString;
  retryPolicy?: RetryPolicy;
  /** Takes only messages with one of the values in each of these attributes; the others are never delivered here. */
  filter?: MessageFilter<Msg>;
  /**
   * Is told of each message that becomes a dead letter, before it does: after its last attempt, when it has waited longer than
   * `messageRetention`, or when it does not match its type. It is kept among the dead letters even when this rejects, and told of again
   * when the process ends in the middle of it.
   */
  deadLetterHandler?: (message: Msg, context: DeadLetterContext) => Promise<unknown>;
}

/** Settings of a subscription that takes messages one by one. */
export interface SubscriptionConfig<Msg> extends SubscriptionSettings<Msg> {
  /** Resolves when the message is handled; when it rejects, the message comes again. */
  handler: (message: Msg, context: MessageContext) => Promise<unknown>;
  database?: never;
  batchHandler?: never;
  batch?: never;
}

/** Settings of a subscription that takes its messages in transactions of a database. */
export interface TransactionalSubscriptionConfig<Msg> extends SubscriptionSettings<Msg> {
  /** One of the service that declares the subscription. The message and what the handler does through `tx` are taken together, once. */
  database: SQLDatabase;
  /** Resolves when the message is handled; when it rejects, everything is undone and the message comes again. */
  handler: (message: Msg, context: TransactionContext) => Promise<unknown>;
  batchHandler?: never;
  batch?: never;
}

/** How a subscription takes its messages. */
export type AnySubscriptionConfig<Msg> =
  | SubscriptionConfig<Msg>
  | TransactionalSubscriptionConfig<Msg>
  | BatchSubscriptionConfig<Msg>;

/** Settings of a subscription that takes several messages at once. */
export interface BatchSubscriptionConfig<Msg> extends SubscriptionSettings<Msg> {
  /**
   * Resolves when all messages are handled, or with those that are not. When it rejects, all of them come again, one by one, so that the one
   * that it is about takes no others with it.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without `return` gives void
  batchHandler: (messages: Msg[], context: BatchContext) => Promise<BatchResult | void>;
  batch?: BatchOptions;
  handler?: never;
  database?: never;
}

/** How messages are put together. */
export interface BatchOptions {
  /** At most so many. Default: 100. */
  maxSize?: number;
  /** How long the first one waits for others. Default: "100ms". */
  maxWait?: DurationString;
}

/** What this process has loaded of a subscription. Which of the handlers is there was checked when the app was built. */
export interface LoadedSubscription {
  readonly handler?: (message: unknown, context: MessageContext) => unknown;
  readonly batchHandler?: (messages: unknown[], context: BatchContext) => unknown;
  readonly deadLetterHandler?: (message: unknown, context: DeadLetterContext) => unknown;
}

/** By "topic/subscription". */
const loaded = new Map<string, LoadedSubscription>();

/** Takes the messages of a topic; declared at the top level of a file of the service that handles them. */
export class Subscription<Msg extends object> {
  readonly name: string;
  readonly topic: Topic<Msg>;
  readonly config: AnySubscriptionConfig<Msg>;

  constructor(topic: Topic<Msg>, name: string, config: AnySubscriptionConfig<Msg>) {
    this.name = name;
    this.topic = topic;
    this.config = config;
    loaded.set(`${topic.name}/${name}`, config as LoadedSubscription);
  }
}

export function loadedSubscription(topic: string, name: string): LoadedSubscription | undefined {
  return loaded.get(`${topic}/${name}`);
}
