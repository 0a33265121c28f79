// Keeps asking a queue for messages while there is room for them: one request waits at the queue, and more go along while each comes back
// full.
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Consumer, log, UnderWay } from "@tenon/runtime/engine";

/** One message. */
export interface Work {
  run(stopping: AbortSignal): Promise<unknown>;
  /** Somebody else may have it at once. */
  giveBack(): Promise<unknown>;
}

export interface Polls {
  /** For messages to people: "topic/subscription". */
  readonly name: string;
  /** Messages under way at once. */
  readonly capacity: number;
  /** So many with one request. */
  readonly mostAtOnce: number;
  /** How long a request may wait at the queue. */
  readonly waitMs: number;
  /** `count`: how many messages came, also where there is nothing to do for them. */
  receive(most: number, signal: AbortSignal): Promise<{ readonly count: number; readonly work: readonly Work[] }>;
}

const mostPolls = 5;
const afterFailureMs = 500;
/** Between two requests that came back empty, where the queue does not let them wait. */
const shortestRoundMs = 100;
/** A request that comes back so soon is waited for when the consumer stops. */
const soonMs = 1_000;

export class PollingConsumer implements Consumer {
  readonly #polls: Polls;
  readonly #underWay: UnderWay;
  readonly #running = new Set<Promise<void>>();
  readonly #breakOff = new AbortController();
  /** Messages that requests may come back with. */
  #asked = 0;
  #isStopped = false;

  constructor(polls: Polls) {
    this.#polls = polls;
    this.#underWay = new UnderWay(polls.name);
    setMaxListeners(0, this.#breakOff.signal);
    this.#ensurePoll();
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    // A queue may give messages to a request that was broken off: nobody has them then until their lease is over.
    if (this.#polls.waitMs > soonMs) this.#breakOff.abort();
    const polls = Promise.all(this.#running);
    await this.#underWay.end(timeoutMs);
    await Promise.race([polls, pause(soonMs, undefined, { ref: false })]);
    this.#breakOff.abort();
  }

  #ensurePoll(): void {
    if (this.#running.size === 0) this.#addPoll();
  }

  #addPoll(): void {
    if (this.#isStopped || this.#room <= 0 || this.#running.size >= mostPolls) return;
    const poll = this.#poll().then(() => {
      this.#running.delete(poll);
      this.#ensurePoll();
    });
    this.#running.add(poll);
  }

  get #room(): number {
    return this.#polls.capacity - this.#underWay.count - this.#asked;
  }

  /** Never rejects. Ends when there is no room, or another request waits at the queue already. */
  async #poll(): Promise<void> {
    for (;;) {
      const most = Math.min(this.#room, this.#polls.mostAtOnce);
      if (this.#isStopped || most <= 0) return;
      const startedAt = performance.now();
      const count = await this.#ask(most);
      if (count === most) this.#addPoll();
      if (count > 0) continue;
      if (this.#running.size > 1) return;
      await this.#rest(shortestRoundMs - (performance.now() - startedAt));
    }
  }

  /** How many messages came. */
  async #ask(most: number): Promise<number> {
    this.#asked += most;
    const { count, work } = await this.#receive(most);
    // No await in between: what came takes the room that was kept for it.
    this.#asked -= most;
    if (!this.#isStopped) for (const one of work) this.#start(one);
    else await Promise.allSettled(work.map((one) => one.giveBack()));
    return count;
  }

  async #receive(most: number): ReturnType<Polls["receive"]> {
    try {
      return await this.#polls.receive(most, this.#breakOff.signal);
    } catch (error) {
      if (!this.#isStopped) {
        log.warn(error, `messages of ${this.#polls.name} could not be taken; trying again`);
        await this.#rest(afterFailureMs);
      }
      return { count: 0, work: [] };
    }
  }

  #start(work: Work): void {
    this.#underWay.add(
      async (stopping) => {
        await work.run(stopping);
      },
      () => this.#ensurePoll(),
    );
  }

  async #rest(durationMs: number): Promise<void> {
    if (durationMs <= 0) return;
    await pause(durationMs, undefined, { signal: this.#breakOff.signal }).catch(() => {});
  }
}
