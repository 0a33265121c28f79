// A message of a key that this process has pulled, with those that follow it. Given back, it would come again with all that follow, and each of
// them would have been tried once more: it stays here until it is handled or a dead letter, and its attempts are counted here.
import type { Held } from "@tenon/runtime/engine";
import type { HeldMessage } from "./held-message.ts";

export class HeldInOrder implements Held {
  readonly message: Held["message"];
  readonly #held: HeldMessage;
  #failures = 0;
  #lastReason: string | undefined;
  #isSettled = false;

  constructor(held: HeldMessage) {
    this.#held = held;
    this.message = held.message;
  }

  get attempt(): number {
    return this.#held.attempt + this.#failures;
  }

  get waitsSince(): Date {
    return this.#held.waitsSince;
  }

  get lastReason(): string | undefined {
    return this.#lastReason;
  }

  get replayTraceparent(): string | null {
    return this.#held.replayTraceparent;
  }

  /** It is handled or a dead letter: the next one of its key may begin. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get isOurs(): boolean {
    return this.#held.lease.isOurs;
  }

  /** Until then it is not to be begun. */
  get untilDueMs(): number {
    return Math.max(0, (this.#held.read.deliverAt?.getTime() ?? 0) - Date.now());
  }

  async handled(): Promise<boolean> {
    this.#isSettled = await this.#held.handled();
    return this.#isSettled;
  }

  async bury(attempts: number, reason: string): Promise<boolean> {
    this.#isSettled = await this.#held.bury(attempts, reason);
    return this.#isSettled;
  }

  async retry(_waitMs: number, reason: string): Promise<boolean> {
    if (!(await this.keep())) return false;
    this.#failures++;
    this.#lastReason = reason;
    return true;
  }

  /** It counts as an attempt: the service counts what is given back, and a copy would come behind those that follow. */
  handBack(): Promise<boolean> {
    return this.#held.lease.giveBack();
  }

  extend(leaseMs: number): Promise<boolean> {
    return this.#held.extend(leaseMs);
  }

  expire(): void {
    this.#held.expire();
  }

  /** Nobody else is given it while it waits here. */
  keep(): Promise<boolean> {
    return this.#held.lease.extend(Number.POSITIVE_INFINITY);
  }
}
