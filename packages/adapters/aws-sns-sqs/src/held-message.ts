// A message that SQS has given to this process for a while. An old receipt may still do something at SQS, so whether it is ours is decided
// by our own clock, which ends a lease two seconds before SQS does.
import { setTimeout as pause } from "node:timers/promises";
import { type Held, leaseMsOf, type SubscriptionSpec } from "@tenon/runtime/engine";
import { carry, carryLetter, type ReceivedMessage } from "./carried-message.ts";
import { cannot, isFifo } from "./config.ts";
import { hiddenMarginMs, longestHiddenMs } from "./queue-facts.ts";
import type { SubscribedQueue } from "./subscribed-queue.ts";

const marginSeconds = 2;

/** What is asked of SQS for a lease of so long. */
export function leaseSeconds(leaseMs: number): number {
  return Math.ceil(leaseMs / 1_000) + marginSeconds;
}

export class HeldMessage implements Held {
  readonly message: Held["message"];
  readonly attempt: number;
  readonly waitsSince: Date;
  readonly replayTraceparent: string | null;
  readonly #received: ReceivedMessage;
  readonly #queue: SubscribedQueue;
  readonly #subscription: SubscriptionSpec;
  /** By performance.now(), as the next. */
  readonly #receivedAt = performance.now();
  #oursUntil: number;

  constructor(received: ReceivedMessage, subscription: SubscriptionSpec, queue: SubscribedQueue) {
    const { message, facts, sentAt } = received;
    this.message = message;
    this.attempt = attemptOf(received);
    this.waitsSince = new Date(facts?.since ?? facts?.due ?? sentAt);
    this.replayTraceparent = facts?.replay ?? null;
    this.#received = received;
    this.#queue = queue;
    this.#subscription = subscription;
    this.#oursUntil = this.#receivedAt + leaseMsOf(subscription);
  }

  async handled(): Promise<boolean> {
    return this.#isOurs && (await this.#queue.deletions.add(this.#received.receipt));
  }

  async retry(waitMs: number): Promise<boolean> {
    // SQS counts in seconds.
    if (waitMs < 1_000) await pause(waitMs);
    return this.#isOurs && (await this.#hide(waitMs < 1_000 ? 0 : waitMs));
  }

  async bury(attempts: number, reason: string): Promise<boolean> {
    if (!this.#isOurs) return false;
    await this.#queue.sendLetter(carryLetter(this.message, this.#ownFacts, { at: Date.now(), attempts, reason }));
    return await this.#queue.deletions.add(this.#received.receipt);
  }

  /** A queue counts how often it gave out a message, so that the next one is given a copy. In a FIFO queue that would lose its place. */
  async handBack(): Promise<boolean> {
    if (!this.#isOurs) return false;
    if (isFifo(this.#queue.url)) return await this.#hide(0);
    const since = this.waitsSince.getTime();
    await this.#queue.send(carry(this.message, { ...this.#ownFacts, since, attempts: this.attempt - 1 }));
    return await this.#queue.deletions.add(this.#received.receipt);
  }

  async extend(leaseMs: number): Promise<boolean> {
    if (!this.#isOurs) return false;
    if (performance.now() - this.#receivedAt + leaseMs + hiddenMarginMs > longestHiddenMs) {
      const { topic, name } = this.#subscription;
      throw cannot(`${topic}/${name}`, "SQS leaves a message to a handler for 12 hours at most");
    }
    const askedAt = performance.now();
    const isOurs = await this.#hide(leaseMs + marginSeconds * 1_000);
    if (isOurs) this.#oursUntil = askedAt + leaseMs;
    return isOurs;
  }

  get #isOurs(): boolean {
    return performance.now() < this.#oursUntil;
  }

  /** What another copy of it has, too. */
  get #ownFacts() {
    return {
      publishedAt: this.message.publishedAt.getTime(),
      ...(this.replayTraceparent === null ? {} : { replay: this.replayTraceparent }),
    };
  }

  #hide(waitMs: number): Promise<boolean> {
    const longestMs = longestHiddenMs - hiddenMarginMs - (performance.now() - this.#receivedAt);
    return this.#queue.hide(this.#received.receipt, Math.ceil(Math.max(0, Math.min(waitMs, longestMs)) / 1_000));
  }
}

/** Milliseconds until it may be given to anybody. */
export function earlyMs({ facts }: ReceivedMessage): number {
  return facts?.due === undefined ? 0 : Math.max(0, facts.due - Date.now());
}

/** Hides a message that came before its time, for as long as SQS does at once. */
export function hideEarly(queue: SubscribedQueue, received: ReceivedMessage): Promise<boolean> {
  const waitMs = Math.min(earlyMs(received), longestHiddenMs - hiddenMarginMs);
  return queue.hide(received.receipt, Math.ceil(waitMs / 1_000));
}

/** Times that it was given out before it was due do not count: as many as it takes to hide it from the first of them until then. */
function attemptOf({ facts, receives, firstReceivedAt }: ReceivedMessage): number {
  const earlyForMs = facts?.due === undefined ? 0 : Math.max(0, facts.due - firstReceivedAt);
  const early = Math.ceil(earlyForMs / (longestHiddenMs - hiddenMarginMs));
  return (facts?.attempts ?? 0) + Math.max(1, receives - early);
}
