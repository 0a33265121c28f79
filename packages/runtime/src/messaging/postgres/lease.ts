// How long a consumer has for what it has taken, and what it does with that time.
import { setTimeout as pause } from "node:timers/promises";
import type { SubscriptionSpec } from "../broker.ts";

/** Beyond the ack deadline, for writing down that it has passed: the backoff of the retry policy then holds too. */
const graceMs = 1_000;
const retryMs = 200;

export function leaseMsOf({ ackDeadlineMs }: SubscriptionSpec): number {
  return ackDeadlineMs + graceMs;
}

/** Runs with a signal that aborts after `durationMs`, or when `stopping` does. */
export async function withinTime<T>(
  durationMs: number,
  stopping: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, durationMs);
  stopping.addEventListener("abort", abort, { once: true });
  if (stopping.aborted) abort();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener("abort", abort);
  }
}

/**
 * Repeats a write that the server could not take, so that what has been handled while it was away is not delivered again. Gives up,
 * with the last error, at `endsAt` (epoch milliseconds), when the lease is over in any case, or when the consumer stops.
 */
export async function untilWritten<T>(endsAt: number, stopping: AbortSignal, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (stopping.aborted || Date.now() + retryMs > endsAt) throw error;
      await pause(retryMs);
    }
  }
}
