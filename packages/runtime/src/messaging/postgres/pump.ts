// Keeps a consumer busy: takes work while there is room, sleeps until it is woken or something falls due, and stops without letting go of
// what is under way.
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../../log/log.ts";
import type { ConsumerParts } from "./consumer-parts.ts";

/** One piece of work; resolves with the milliseconds after which it comes again, undefined when it is done with. */
export type Work = () => Promise<number | undefined>;

export interface PumpOptions {
  /** So many pieces of work at once. */
  readonly capacity: number;
  /** At most `count` pieces, to be run now; none: nothing is due. */
  take(count: number): Promise<Work[]>;
  /** Rows `at`: when more falls due; the earliest counts. $1: the subscription. */
  readonly nextDueSql: string;
  /** Work that ends makes room for work that could not be taken before, even where there was room. */
  readonly unblocksOthers: boolean;
}

/** A notification can be lost with its connection; nobody waits longer than this for what is there. */
const longestSleepMs = 15_000;
const shortestSleepMs = 5;
const afterFailureMs = 1_000;
/** For giving back what was interrupted. */
const lastWordsMs = 1_000;

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
    // One listener per message under way.
    setMaxListeners(0, this.#stopping.signal);
    parts.wakeUps.add(parts.id, () => this.#wake());
    this.#wake();
  }

  /** Aborts when what is under way has no more time. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Nothing new is begun. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    this.#parts.wakeUps.remove(this.#parts.id);
    clearTimeout(this.#timer);
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#tellIfIdle();
    });
    await Promise.race([idle, pause(timeoutMs, undefined, { ref: false })]);
    this.#stopping.abort();
    await Promise.race([idle, pause(lastWordsMs, undefined, { ref: false })]);
    await this.#tellOthers();
  }

  /** Other processes may sleep while there is work that this one has left. */
  async #tellOthers(): Promise<void> {
    const { id, pool } = this.#parts;
    await pool.query("SELECT pg_notify('tenon_messages', $1)", [String(id)]).catch(() => {});
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
      if (againInMs !== undefined) this.#sleep(againInMs);
    } catch (error) {
      log.warn(error, `the outcome of a message of ${this.#name} could not be written; it comes again`);
    }
  }

  #room(): number {
    return this.#options.capacity - this.#running.size;
  }

  async #untilDueMs(): Promise<number> {
    const { id, pool } = this.#parts;
    // By the server's clock, which may not agree with ours.
    const { rows } = await pool.query<{ wait_ms: number | null }>(
      `SELECT (extract(epoch FROM min(due.at) - now()) * 1000)::float8 AS wait_ms FROM (${this.#options.nextDueSql}) AS due`,
      [id],
    );
    return Math.min(longestSleepMs, rows[0]?.wait_ms ?? longestSleepMs);
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
      this.#wake();
    }, sleepMs);
  }

  #tellIfIdle(): void {
    if (this.#running.size === 0 && !this.#isTaking) this.#onIdle?.();
  }

  get #name(): string {
    const { topic, name } = this.#parts.subscription;
    return `${topic}/${name}`;
  }
}
