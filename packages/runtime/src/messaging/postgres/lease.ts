// How long a consumer has for what it has taken.
import type { SubscriptionSpec } from "../broker.ts";

/** Beyond the ack deadline, for writing down that it has passed: the backoff of the retry policy then holds too. */
export const graceMs = 1_000;
/** What is taken ahead begins within this time or is given back. */
export const aheadMs = 1_000;

/** From taking a message on. */
export function leaseMsOf({ ackDeadlineMs }: SubscriptionSpec): number {
  return ackDeadlineMs + graceMs + aheadMs;
}

/** The time of one delivery: its signal aborts when that is over. */
export class DeliveryTime {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(durationMs: number) {
    this.#timer = setTimeout(() => this.end(), durationMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on so long. */
  give(durationMs: number): void {
    if (this.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), durationMs);
  }

  /** Now. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** There is an outcome: nothing is to abort any more. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
