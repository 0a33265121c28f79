// A clock that moves only when it is told to: timers come due in order, and whatever they start has its turn before the next one.
import type { Clock, Timer } from "./clock.ts";

interface Waiting {
  readonly dueAt: number;
  readonly callback: () => void;
}

export class VirtualClock implements Clock {
  #now: number;
  readonly #waiting = new Set<Waiting>();
  readonly #settle: () => Promise<void>;

  /** `settle`: waits for what a timer started; by default for promises that are settled already. */
  constructor(now: number, settle: () => Promise<void> = letPromisesRun) {
    this.#now = now;
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): Timer {
    const waiting = { dueAt: this.#now + Math.max(0, delayMs), callback };
    this.#waiting.add(waiting);
    return { cancel: () => this.#waiting.delete(waiting) };
  }

  /** Moves on by that much, running every timer that comes due on the way. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.callback();
      await this.#settle();
    }
    this.#now = end;
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.dueAt <= end && (first === undefined || waiting.dueAt < first.dueAt)) first = waiting;
    }
    return first;
  }
}

/** Lets promises that are settled already run on. */
export function letPromisesRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
