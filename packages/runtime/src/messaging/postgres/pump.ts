// Keeps a consumer busy: takes work while there is room, a little ahead where it is done quickly, sleeps until it is woken or something
// falls due, and stops without letting go of what is under way.
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../../log/log.ts";
import type { ConsumerParts } from "./consumer-parts.ts";
import { aheadMs, type DeliveryTime } from "./lease.ts";
import { Pace } from "./pace.ts";
import type { Settled, Settlement } from "./settler.ts";

/** One piece of work that was taken. Neither of its methods is called after the other. */
export interface Work {
  /** Resolves when there is room for another one; what is still to be written down goes to `settle`. */
  run(): Promise<unknown>;
  /** Was not begun and is for somebody else. */
  giveBack(): void;
}

export interface PumpOptions {
  /** So many pieces of work at once. */
  readonly capacity: number;
  /** Whether it may take more now than there is room for. */
  takesAhead(): boolean;
  /** At most `count` pieces; fewer: there are no more now. */
  take(count: number): Promise<Work[]>;
  /** Rows `at`: when more falls due; the earliest counts. $1: the subscription. */
  readonly nextDueSql: string;
  /** Work that ends makes room for work that could not be taken before, even where there was room. */
  readonly unblocksOthers: boolean;
}

/** A notification can be lost with its connection; nobody waits longer than this for what is there. */
const longestSleepMs = 15_000;
const shortestSleepMs = 5;
/** After the last of what was there, before asking what falls due next: more often than not somebody publishes before. */
const settleDownMs = 50;
const afterFailureMs = 1_000;
/** For giving back what was interrupted. */
const lastWordsMs = 1_000;
const mostAtOnce = 200;
/** With so many outcomes still to be written, the server has more than enough to do. */
const mostUnwritten = 2_000;

interface Taken {
  readonly work: Work;
  readonly at: number;
}

export class Pump implements Settled {
  /** Of what is being handled: they end when there is no more time for it. */
  readonly times = new Set<DeliveryTime>();
  readonly #parts: ConsumerParts;
  readonly #options: PumpOptions;
  readonly #pace = new Pace();
  readonly #ready: Taken[] = [];
  #running = 0;
  /** Outcomes that are not written yet, and other writing. */
  #unwritten = 0;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #isTaking = false;
  /** There may be more than the last taking has seen. */
  #isWoken = false;
  /** Nothing more was there when it was last asked for. */
  #isDry = false;
  #isStopped = false;
  #isInterrupted = false;
  #onIdle: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: ConsumerParts, options: PumpOptions) {
    this.#parts = parts;
    this.#options = options;
    parts.wakeUps.add(parts.id, () => this.#wake());
    this.#wake();
  }

  /** Nothing new is begun. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** What is under way has no more time. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** Stopping waits until it is written. */
  settle(settlement: Settlement): void {
    this.#unwritten++;
    this.#parts.settler.settle(settlement);
  }

  written(settlement: Settlement): void {
    this.#unwritten--;
    if (settlement.kind === "failed") this.#sleep(settlement.waitMs);
    this.#goOn();
    this.#tellIfIdle();
  }

  unwritten(_: Settlement, error: unknown): void {
    this.#unwritten--;
    log.warn(error, `the outcome of a message of ${this.#name} could not be written; it comes again`);
    this.#goOn();
    this.#tellIfIdle();
  }

  /** Stopping waits for this, too. */
  async track(writing: Promise<unknown>): Promise<void> {
    this.#unwritten++;
    await writing.catch((error) =>
      log.warn(error, `a lease of ${this.#name} could not be given back; it ends by itself`),
    );
    this.#unwritten--;
    this.#tellIfIdle();
  }

  /** Safe to repeat. */
  stop(timeoutMs: number): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    this.#parts.wakeUps.remove(this.#parts.id);
    clearTimeout(this.#timer);
    for (const { work } of this.#ready.splice(0)) work.giveBack();
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#tellIfIdle();
    });
    await Promise.race([idle, pause(timeoutMs, undefined, { ref: false })]);
    this.#isInterrupted = true;
    for (const time of this.times) time.end();
    await Promise.race([idle, pause(lastWordsMs, undefined, { ref: false })]);
    await this.#tellOthers();
  }

  /** Other processes may sleep while there is work that this one has left. */
  async #tellOthers(): Promise<void> {
    const { id, connections } = this.#parts;
    const text = "SELECT pg_notify('tenon_messages', $1)";
    await connections.run({ name: "tenon-tell", text, values: [String(id)] }).catch(() => {});
  }

  #wake(): void {
    this.#isWoken = true;
    this.#isDry = false;
    if (!this.#isTaking) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isTaking = true;
    clearTimeout(this.#timer);
    this.#wakesAt = Number.POSITIVE_INFINITY;
    try {
      for (;;) {
        const wanted = this.#wanted();
        if (this.#isStopped || wanted === 0) break;
        this.#isWoken = false;
        const works = await this.#options.take(wanted);
        for (const work of works) this.#accept(work);
        if (works.length === wanted || this.#isWoken) continue;
        this.#isDry = true;
        const waitMs = works.length > 0 ? settleDownMs : await this.#untilDueMs();
        if (this.#isWoken) continue;
        this.#sleep(waitMs);
        break;
      }
    } catch (error) {
      log.warn(error, `messages of ${this.#name} could not be taken; trying again`);
      this.#isDry = true;
      this.#sleep(afterFailureMs);
    } finally {
      this.#isTaking = false;
      this.#tellIfIdle();
    }
  }

  /** How many more to take now. */
  #wanted(): number {
    if (this.#parts.settler.backlog > mostUnwritten) return 0;
    const ahead = this.#options.takesAhead() ? this.#pace.ahead() : 0;
    return Math.min(mostAtOnce, Math.max(0, this.#options.capacity + ahead - this.#running - this.#ready.length));
  }

  #accept(work: Work): void {
    if (this.#isStopped) work.giveBack();
    else if (this.#running < this.#options.capacity) this.#start(work);
    else this.#ready.push({ work, at: performance.now() });
  }

  #start(work: Work): void {
    this.#running++;
    work.run().then(
      () => this.#ended(),
      (error) => {
        log.warn(error, `a message of ${this.#name} was left in the middle; it comes again`);
        this.#ended();
      },
    );
  }

  #ended(): void {
    this.#running--;
    this.#pace.count();
    if (this.#options.unblocksOthers) {
      this.#isDry = false;
      this.#isWoken = true;
    }
    this.#goOn();
    this.#tellIfIdle();
  }

  #goOn(): void {
    while (this.#ready.length > 0 && this.#running < this.#options.capacity) {
      const { work, at } = this.#ready.shift()!;
      if (performance.now() - at > aheadMs) work.giveBack();
      else this.#start(work);
    }
    if (this.#isStopped || this.#isTaking || this.#isDry) return;
    // Where a little is there already, the next statement is worth some more.
    if (this.#wanted() > this.#ready.length) void this.#drain();
  }

  async #untilDueMs(): Promise<number> {
    const { id, subscription, connections } = this.#parts;
    // By the server's clock, which may not agree with ours.
    const [row] = await connections.run<{ wait_ms: string | null }>({
      name: `tenon-next-due-${subscription.isOrdered}`,
      text: `SELECT (extract(epoch FROM min(due.at) - now()) * 1000)::float8 AS wait_ms FROM (${this.#options.nextDueSql}) AS due`,
      values: [id],
    });
    return Math.min(longestSleepMs, Number(row?.wait_ms ?? longestSleepMs));
  }

  /** At most so long: who is to be woken earlier stays so. */
  #sleep(durationMs: number): void {
    const sleepMs = Math.max(shortestSleepMs, durationMs);
    const wakesAt = performance.now() + sleepMs;
    if (this.#isStopped || wakesAt >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = wakesAt;
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#wake();
    }, sleepMs);
  }

  #tellIfIdle(): void {
    if (this.#running === 0 && this.#unwritten === 0 && !this.#isTaking) this.#onIdle?.();
  }

  get #name(): string {
    const { topic, name } = this.#parts.subscription;
    return `${topic}/${name}`;
  }
}
