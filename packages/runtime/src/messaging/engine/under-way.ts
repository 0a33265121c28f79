// The deliveries of a consumer that are under way: how many there are, and how they end when the consumer stops.
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../../log/log.ts";

/** For giving back what was interrupted. */
const lastWordsMs = 1_000;

export class UnderWay {
  readonly #name: string;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #onIdle: (() => void) | undefined;

  /** `name`: "topic/subscription", for messages to people. */
  constructor(name: string) {
    this.#name = name;
    // One listener per message under way.
    setMaxListeners(0, this.#stopping.signal);
  }

  get count(): number {
    return this.#running.size;
  }

  /** `run` gets a signal that aborts when it has no more time; what it throws is told to people. Then `done` is called. */
  add(run: (stopping: AbortSignal) => Promise<void>, done: () => void): void {
    const running = run(this.#stopping.signal)
      .catch((error: unknown) => {
        log.warn(error, `the outcome of a message of ${this.#name} could not be written; it comes again`);
      })
      .then(() => {
        this.#running.delete(running);
        done();
        if (this.#running.size === 0) this.#onIdle?.();
      });
    this.#running.add(running);
  }

  /** Resolves once all have ended, or shortly after `timeoutMs`, when those that are left have been interrupted. */
  async end(timeoutMs: number): Promise<void> {
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      if (this.#running.size === 0) resolve();
    });
    await Promise.race([idle, pause(timeoutMs, undefined, { ref: false })]);
    this.#stopping.abort();
    await Promise.race([idle, pause(lastWordsMs, undefined, { ref: false })]);
  }
}
