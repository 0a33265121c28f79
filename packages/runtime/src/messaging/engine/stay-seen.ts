// Says now and then, for as long as a process runs, that the subscriptions it has declared are in somebody's code. Engines retire what
// nobody has said so of for `unseenMs`.
import { unseenMs } from "../broker.ts";
import { log } from "../../log/log.ts";

/** Between two times that a process says so. */
export const sightEveryMs = 10 * 60_000;

/** Said by anybody within this time it need not be said again: processes are many, and start together. */
export const seenLatelyMs = sightEveryMs / 2;

export interface Sighting {
  /** Subscriptions of others that were not seen for so long are retired; null: none is. */
  readonly retireAfterMs: number | null;
}

export class StaySeen {
  readonly #say: (sighting: Sighting) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  /** When it was last said, by our clock, which goes on while the machine sleeps. */
  #saidAt = 0;

  /** `say`: marks as seen what this process has declared, makes it active if it is not, and retires others. */
  constructor(say: (sighting: Sighting) => Promise<void>) {
    this.#say = say;
  }

  /** With each `declare`, which has said it. */
  declared(): void {
    this.#saidAt = Date.now();
    this.#timer ??= setInterval(() => void this.#repeat(), sightEveryMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #repeat(): Promise<void> {
    // After a time in which the server or this machine was away nobody was seen, and others may not have had their turn yet.
    const wasAway = Date.now() - this.#saidAt > 2.5 * sightEveryMs;
    try {
      await this.#say({ retireAfterMs: wasAway ? null : unseenMs });
      this.#saidAt = Date.now();
    } catch (error) {
      log.warn(error, "the engine of messages could not be told which subscriptions are in use; trying again later");
    }
  }
}
