// Keeps a consumer busy for engines that are asked for messages: takes while there is room, sleeps until it is woken or something falls
// due, and stops without letting go of what is under way.
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../../log/log.ts";
import type { Consumer } from "../broker.ts";
import type { Settled } from "./handle-delivery.ts";
import { UnderWay } from "./under-way.ts";

/** One message being handled. `stopping` aborts when it has no more time. */
export type Work = (stopping: AbortSignal) => Promise<Settled>;

export interface Source {
  /** For messages to people: "topic/subscription". */
  readonly name: string;
  /** So many at once. */
  readonly capacity: number;
  /** At most `count`, to be run now; none: nothing is due. */
  take(count: number): Promise<Work[]>;
  /** Milliseconds until something falls due by the server's clock; null: nothing waits. */
  untilDueMs(): Promise<number | null>;
  /** Nothing more will be taken, and what was under way has its outcome or no more time. */
  stopped(): Promise<void>;
}

/** A wake-up can be lost with its connection; nobody waits longer than this for what is there. */
const longestSleepMs = 15_000;
const shortestSleepMs = 5;
const afterFailureMs = 500;

export class ConsumerLoop implements Consumer {
  readonly #source: Source;
  readonly #underWay: UnderWay;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #taking: Promise<void> | undefined;
  #isWoken = false;
  #isStopped = false;

  constructor(source: Source) {
    this.#source = source;
    this.#underWay = new UnderWay(source.name);
  }

  /** There may be something to take. */
  wake(): void {
    this.#isWoken = true;
    if (this.#taking !== undefined || this.#isStopped) return;
    this.#taking = this.#drain().finally(() => {
      this.#taking = undefined;
      // Whoever woke it while it was going to sleep.
      if (this.#isWoken && this.#room() > 0) this.wake();
    });
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await Promise.race([this.#taking, pause(timeoutMs, undefined, { ref: false })]);
    await this.#underWay.end(timeoutMs);
    await this.#source.stopped().catch(() => {});
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#wakesAt = Number.POSITIVE_INFINITY;
    try {
      while (!this.#isStopped && this.#room() > 0) {
        this.#isWoken = false;
        const work = await this.#source.take(this.#room());
        for (const run of work) this.#start(run);
        if (work.length > 0) continue;
        const waitMs = (await this.#source.untilDueMs()) ?? longestSleepMs;
        if (this.#isWoken) continue;
        this.#sleep(Math.min(waitMs, longestSleepMs));
        break;
      }
    } catch (error) {
      this.#isWoken = false;
      if (this.#isStopped) return;
      log.warn(error, `messages of ${this.#source.name} could not be taken; trying again`);
      this.#sleep(afterFailureMs);
    }
  }

  #start(run: Work): void {
    this.#underWay.add(
      async (stopping) => {
        const { againInMs } = await run(stopping);
        if (againInMs !== undefined) this.#sleep(againInMs);
      },
      () => {
        const wasFull = this.#room() === 1;
        if (wasFull || this.#isWoken) this.wake();
      },
    );
  }

  #room(): number {
    return this.#source.capacity - this.#underWay.count;
  }

  /** At most so long: who is to be woken earlier stays so. */
  #sleep(durationMs: number): void {
    const sleepMs = Math.max(shortestSleepMs, durationMs);
    const wakesAt = Date.now() + sleepMs;
    if (this.#isStopped || wakesAt >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = wakesAt;
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.wake();
    }, sleepMs);
  }
}
