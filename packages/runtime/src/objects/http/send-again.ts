// Makes a request to a store again where that is safe: after a failed connection, and after answers that say "later".
import { setTimeout as sleep } from "node:timers/promises";
import type { StoreAnswer } from "./store-connection.ts";

export interface Repetition {
  /** Made again after it has been done, a write with a condition would fail for its own sake. */
  readonly isConditional: boolean;
  /** Default: 4. */
  readonly attempts?: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const mostAttempts = 4;
const firstPauseMs = 100;
const RETRYABLE: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** The store has not begun with the request. */
const NOT_BEGUN: ReadonlySet<number> = new Set([429, 503]);

/** The last answer, whatever it is. Throws what the last attempt failed with, and what `signal` aborts with. */
export async function sendAgain(
  once: () => Promise<StoreAnswer>,
  { isConditional, attempts = mostAttempts, signal }: Repetition,
): Promise<StoreAnswer> {
  const repeatable = isConditional ? NOT_BEGUN : RETRYABLE;
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === attempts;
    try {
      const answer = await once();
      if (isLast || !repeatable.has(answer.status)) return answer;
      answer.body.destroy();
    } catch (error) {
      signal?.throwIfAborted();
      if (isLast || isConditional) throw error;
    }
    const pauseMs = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal });
  }
}
