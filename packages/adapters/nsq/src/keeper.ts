// Keeps a taken message ours: until its time is over, as long as it is not settled, and for longer when a handler asks for it.
import { EngineCannot } from "@tenon/runtime/engine";
import type { Taken } from "./taken.ts";

export interface KeeperTimes {
  /** From now on; after that it is somebody else's by our own clock. */
  readonly leaseMs: number;
  /** The same by the server's, which is longer, since the delivery or the last touch. */
  readonly msgTimeoutMs: number;
  /** Nobody keeps a message for longer than that since its delivery. */
  readonly longestMs: number;
}

export class Keeper {
  readonly #taken: Taken;
  readonly #subscription: string;
  readonly #times: KeeperTimes;
  #timer: NodeJS.Timeout | undefined;
  /** By performance.now(). */
  #endsAt: number;
  #isOurs = true;

  /** `subscription`: "topic/subscription", for messages to people. */
  constructor(taken: Taken, subscription: string, times: KeeperTimes) {
    this.#taken = taken;
    this.#subscription = subscription;
    this.#times = times;
    this.#endsAt = performance.now() + times.leaseMs;
  }

  /** What is said for it now still counts. */
  get isOurs(): boolean {
    return this.#isOurs && this.#taken.isReachable && performance.now() < this.#endsAt;
  }

  /** Throws EngineCannot where the server would not leave it to anybody for so long. */
  extend(leaseMs: number): boolean {
    if (!this.isOurs) return false;
    const { longestMs, msgTimeoutMs } = this.#times;
    const endsAt = performance.now() + leaseMs;
    if (endsAt - this.#taken.deliveredAt > longestMs) {
      const lacking = `it leaves a message to nobody for more than ${longestMs} ms since its delivery (--max-msg-timeout of nsqd)`;
      throw new EngineCannot("nsq", this.#subscription, lacking);
    }
    this.#taken.touch();
    this.#endsAt = endsAt;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (this.isOurs) this.#taken.touch();
      // Nobody settles one whose outcome could not be written.
      else clearInterval(this.#timer);
    }, msgTimeoutMs / 3);
    return true;
  }

  /** It is settled, or given up. */
  release(): void {
    this.#isOurs = false;
    clearInterval(this.#timer);
  }

  /** Does what is to become of it, if it is still ours; afterwards it is not. Can be repeated when it throws. */
  async settle(act: () => void | Promise<void>): Promise<boolean> {
    if (!this.isOurs) return false;
    await act();
    this.release();
    return true;
  }

  /** There was no outcome in time. */
  expire(): void {
    if (!this.#isOurs) return;
    this.release();
    this.#taken.requeue();
  }
}
