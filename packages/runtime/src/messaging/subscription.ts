// The declaration of a subscription. The compiler reads its settings; at run time it keeps the handler until the host asks for it.
import type { DurationString } from "@tenon/model";
import type { Topic } from "./topic.ts";

/** What a handler learns beside the message. */
export interface MessageContext {
  /** The same for every attempt. */
  readonly messageId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly publishedAt: Date;
  /** Aborts when the ack deadline has passed or the process stops: the message is then delivered again. */
  readonly signal: AbortSignal;
}

/** When a message that failed comes again, and for how long. */
export interface RetryPolicy {
  /** Wait before the second attempt; doubled for each one after it. Default: "10s". */
  minBackoff?: DurationString;
  /** Default: "10m". */
  maxBackoff?: DurationString;
  /** Attempts after the first before the message goes to the dead letters. Default, and for 0: 100. */
  maxRetries?: number;
}

/** Settings of a subscription. */
export interface SubscriptionConfig<Msg> {
  /** Resolves when the message is handled; when it rejects, the message comes again. */
  handler: (message: Msg, context: MessageContext) => Promise<unknown>;
  /** So many messages at once in one process. Default: 100. */
  maxConcurrency?: number;
  /** How long a handler may take before the message is given to somebody else. Default: "30s". */
  ackDeadline?: DurationString;
  /** How long a message is tried before it goes to the dead letters. Default: "7d". */
  messageRetention?: DurationString;
  retryPolicy?: RetryPolicy;
}

export type MessageHandler = (message: unknown, context: MessageContext) => unknown;

/** By "topic/subscription": what this process has loaded. */
const handlers = new Map<string, MessageHandler>();

/** Takes the messages of a topic; declared at the top level of a file of the service that handles them. */
export class Subscription<Msg extends object> {
  readonly name: string;
  readonly topic: Topic<Msg>;
  readonly config: SubscriptionConfig<Msg>;

  constructor(topic: Topic<Msg>, name: string, config: SubscriptionConfig<Msg>) {
    this.name = name;
    this.topic = topic;
    this.config = config;
    handlers.set(`${topic.name}/${name}`, config.handler as MessageHandler);
  }
}

export function subscriptionHandler(topic: string, name: string): MessageHandler | undefined {
  return handlers.get(`${topic}/${name}`);
}
