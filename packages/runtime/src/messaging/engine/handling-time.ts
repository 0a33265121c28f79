// The time a handler has: a signal that aborts when it is over or the consumer stops, and more of it when the handler asks.
import type { SubscriptionSpec } from "../broker.ts";

/** Beyond the ack deadline, for writing down that it has passed: the backoff of the retry policy then holds too. */
export const graceMs = 1_000;

/** How long an engine leaves a message to who took it. */
export function leaseMsOf({ ackDeadlineMs }: SubscriptionSpec): number {
  return ackDeadlineMs + graceMs;
}

export class HandlingTime {
  readonly #controller = new AbortController();
  readonly #stopping: AbortSignal;
  readonly #onOver: () => void;
  #deadlineAt = 0;
  #deadlineTimer: NodeJS.Timeout | undefined;
  #leaseTimer: NodeJS.Timeout | undefined;

  /** `onOver`: the engine may give the message to somebody else from now on, though there is no outcome. */
  constructor(durationMs: number, stopping: AbortSignal, onOver: () => void) {
    this.#stopping = stopping;
    this.#onOver = onOver;
    stopping.addEventListener("abort", this.#abort, { once: true });
    if (stopping.aborted) this.#abort();
    this.restart(durationMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** By performance.now(), which no correction of a clock moves. */
  get leaseEndsAt(): number {
    return this.#deadlineAt + graceMs;
  }

  /** From now on so long. */
  restart(durationMs: number): void {
    this.#clear();
    this.#deadlineAt = performance.now() + durationMs;
    this.#deadlineTimer = setTimeout(this.#abort, durationMs);
    this.#leaseTimer = setTimeout(this.#onOver, durationMs + graceMs);
  }

  end(): void {
    this.#clear();
    this.#stopping.removeEventListener("abort", this.#abort);
  }

  #clear(): void {
    clearTimeout(this.#deadlineTimer);
    clearTimeout(this.#leaseTimer);
  }

  #abort = (): void => {
    this.#controller.abort();
  };
}
