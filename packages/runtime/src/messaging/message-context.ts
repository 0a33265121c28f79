// What handlers learn beside the messages.
import type { DurationString } from "@tenon/model";
import type { Transaction } from "../data/transaction.ts";

/** What a handler learns beside the message. */
export interface MessageContext {
  /** The same for every attempt. */
  readonly messageId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly publishedAt: Date;
  /** Aborts when the time for handling the message is over or the process stops: the message is then delivered again. */
  readonly signal: AbortSignal;
  /**
   * From now on the handler may take so long: "1m". Throws MessagingError `extension_invalid`, and LeaseLost when the message was given to
   * somebody else already; nothing that the handler does counts any more then.
   */
  extend(duration: DurationString): Promise<void>;
}

/** What a handler with a `database` learns beside the message. */
export interface TransactionContext extends MessageContext {
  /**
   * The transaction that takes the message: what is done through it is done once, and what is published meanwhile leaves with it. It is
   * committed when the handler resolves.
   */
  readonly tx: Transaction;
}

/** One message of a batch. */
export interface BatchedMessage {
  /** The same for every attempt. */
  readonly messageId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly publishedAt: Date;
}

/** What a batch handler learns beside the messages. */
export interface BatchContext {
  /** Of each message, in the same order. */
  readonly messages: readonly BatchedMessage[];
  /** Aborts when the time for handling one of the messages is over or the process stops: it is then delivered again. */
  readonly signal: AbortSignal;
  /** As `extend` of a single message, for all of them. */
  extend(duration: DurationString): Promise<void>;
}

/** What a batch handler may resolve with when some of its messages could not be handled: they come again, the others are done. */
export interface BatchResult {
  failed: readonly { readonly messageId: string; readonly reason?: string }[];
}

/** What a dead-letter handler learns beside the message. */
export interface DeadLetterContext {
  readonly messageId: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** Why the last attempt failed, or why the message cannot be handled at all. */
  readonly reason: string;
  readonly publishedAt: Date;
  /** False: the message does not match its type, and is given as it arrived. */
  readonly isValid: boolean;
}
