// Runs a transaction again that got in the way of another one: only such a failure says that nothing happened and that a second try can
// help. As often as the caller allows, with growing pauses, and not beyond its deadline.
import { setTimeout as sleep } from "node:timers/promises";
import { currentCall } from "../call/context.ts";
import { DatabaseError } from "./errors.ts";
import type { TransactionOptions } from "./transaction.ts";

export interface RetriedTransactionOptions extends TransactionOptions {
  /** How often the function may be run again after a serialization failure, a deadlock or a changed schema. Default 0. */
  readonly retries?: number;
}

const gotInTheWay: ReadonlySet<string> = new Set(["serialization_failure", "deadlock_detected", "schema_changed"]);
const firstPauseMs = 5;
const longestPauseMs = 500;

export async function retryTransaction<T>(database: string, retries: number, run: () => Promise<T>): Promise<T> {
  if (!Number.isInteger(retries) || retries < 0)
    throw new RangeError(`database "${database}": retries must be a whole number from 0 on, got ${retries}`);
  for (let left = retries, pauseMs = firstPauseMs; ; left--, pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await run();
    } catch (error) {
      if (left === 0 || !(error instanceof DatabaseError) || !gotInTheWay.has(error.code)) throw error;
      // At random, or those who met once would meet again.
      const delayMs = pauseMs * (0.5 + Math.random());
      const { signal, deadlineAt } = currentCall() ?? {};
      if (signal?.aborted || (deadlineAt !== undefined && Date.now() + delayMs >= deadlineAt)) throw error;
      await sleep(delayMs);
    }
  }
}
