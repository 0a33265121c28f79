// Keeps a taken message ours: until its time is over, as long as it is not settled, and for longer when a handler asks for it.
import type { Taken } from "./taken.ts";

export class Keeper {
  readonly #taken: Taken;
  readonly #ackWaitMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** By performance.now(). */
  #endsAt: number;
  #isOurs = true;

  /** `leaseMs`: after that it is somebody else's by our own clock; `ackWaitMs`, which is longer, by the server's. */
  constructor(taken: Taken, leaseMs: number, ackWaitMs: number) {
    this.#taken = taken;
    this.#ackWaitMs = ackWaitMs;
    this.#endsAt = performance.now() + leaseMs - taken.ageMs;
  }

  /** What is said for it now still counts. */
  get isOurs(): boolean {
    return this.#isOurs && performance.now() < this.#endsAt;
  }

  async extend(leaseMs: number): Promise<boolean> {
    if (!this.isOurs) return false;
    await this.#taken.prolong();
    this.#endsAt = performance.now() + leaseMs - this.#taken.ageMs;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (this.isOurs) this.#taken.prolong().catch(() => {});
    }, this.#ackWaitMs / 3);
    return true;
  }

  /** It is settled, or given up. */
  release(): void {
    this.#isOurs = false;
    clearInterval(this.#timer);
  }

  /** Says what became of it, if it is still ours; afterwards it is not. Can be repeated when it throws. */
  async settle(say: () => Promise<void>): Promise<boolean> {
    if (!this.isOurs) return false;
    await say();
    this.release();
    return true;
  }

  /** There was no outcome in time. */
  expire(): void {
    if (!this.#isOurs) return;
    this.release();
    this.#taken.drop();
  }
}
