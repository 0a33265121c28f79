// Keeps a consumer busy: takes work while there is room, sleeps until it is woken or something falls due, and stops without letting go of
// what is under way.
import { log } from "../../log/log.ts";
import type { ConsumerParts } from "./consumer-parts.ts";

/** One piece of work; resolves with the milliseconds after which it comes again, undefined when it is done with. */
export type Work = () => Promise<number | undefined>;

export interface PumpOptions {
  /** So many pieces of work at once. */
  readonly capacity: number;
  /** At most `count` pieces, to be run now; none: nothing is due. */
  take(count: number): Promise<Work[]>;
  /** One row `due`: when the next one falls due. $1: the subscription. */
  readonly nextDueSql: string;
  /** Work that ends makes room for work that could not be taken before, even where there was room. */
  readonly unblocksOthers: boolean;
}

/** A notification can be lost with its connection; nobody waits longer than this for what is there. */
const longestSleepMs = 15_000;
const shortestSleepMs = 5;
const afterFailureMs = 1_000;

export class Pump {
  readonly #parts: ConsumerParts;
  readonly #options: PumpOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #isTaking = false;
  #isWoken = false;
  #isStopped = false;
  #onIdle: (() => void) | undefined;

  constructor(parts: ConsumerParts, options: PumpOptions) {
    this.#parts = parts;
    this.#options = options;
    parts.wakeUps.add(parts.id, () => this.#wake());
    this.#wake();
  }

  /** Aborts when what is under way has no more time. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    this.#parts.wakeUps.remove(this.#parts.id);
    clearTimeout(this.#timer);
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#tellIfIdle();
    });
    const timer = setTimeout(() => {
      this.#stopping.abort();
      this.#onIdle?.();
    }, timeoutMs);
    await idle;
    clearTimeout(timer);
  }

  #wake(): void {
    this.#isWoken = true;
    if (!this.#isTaking) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isTaking = true;
    clearTimeout(this.#timer);
    this.#wakesAt = Number.POSITIVE_INFINITY;
    try {
      while (!this.#isStopped && this.#room() > 0) {
        this.#isWoken = false;
        const room = this.#room();
        const work = await this.#options.take(room);
        for (const run of work) this.#start(run);
        if (work.length > 0) continue;
        const waitMs = await this.#untilDueMs();
        if (this.#isWoken) continue;
        this.#sleep(waitMs);
        break;
      }
    } catch (error) {
      log.warn(error, `messages of ${this.#name} could not be taken; trying again`);
      this.#sleep(afterFailureMs);
    } finally {
      this.#isTaking = false;
      this.#tellIfIdle();
    }
  }

  #start(run: Work): void {
    const running = this.#finish(run).finally(() => {
      this.#running.delete(running);
      this.#tellIfIdle();
      const wasFull = this.#room() === 1;
      if (!this.#isStopped && (wasFull || this.#options.unblocksOthers)) this.#wake();
    });
    this.#running.add(running);
  }

  async #finish(run: Work): Promise<void> {
    try {
      const againInMs = await run();
      if (againInMs !== undefined && Date.now() + againInMs < this.#wakesAt) this.#sleep(againInMs);
    } catch (error) {
      log.warn(error, `the outcome of a message of ${this.#name} could not be written; it comes again`);
    }
  }

  #room(): number {
    return this.#options.capacity - this.#running.size;
  }

  async #untilDueMs(): Promise<number> {
    const { id, pool } = this.#parts;
    const { rows } = await pool.query<{ due: Date | null }>(this.#options.nextDueSql, [id]);
    const due = rows[0]?.due;
    return due == null ? longestSleepMs : Math.min(longestSleepMs, due.getTime() - Date.now());
  }

  #sleep(durationMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    const sleepMs = Math.max(shortestSleepMs, durationMs);
    this.#wakesAt = Date.now() + sleepMs;
    this.#timer = setTimeout(() => this.#wake(), sleepMs);
  }

  #tellIfIdle(): void {
    if (this.#running.size === 0 && !this.#isTaking) this.#onIdle?.();
  }

  get #name(): string {
    const { topic, name } = this.#parts.subscription;
    return `${topic}/${name}`;
  }
}
