// How long something may be waited for so that the caller still hears what went wrong before its deadline.
import type { CallContext } from "../call/context.ts";

/** What the way back to the caller may take; of short deadlines a fifth. */
export const answerMarginMs = 250;

/** At least 1 and at most `mostMs`. */
export function patienceMs(call: CallContext | undefined, mostMs: number): number {
  const { deadlineAt } = call ?? {};
  if (deadlineAt === undefined) return mostMs;
  const left = deadlineAt - Date.now();
  return Math.max(1, Math.min(mostMs, left - Math.min(answerMarginMs, left / 5)));
}

/** The outcome, or the error once nobody has the patience for it any more. */
export function inPatience<T>(
  outcome: Promise<T>,
  call: CallContext | undefined,
  mostMs: number,
  tooLate: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate()), patienceMs(call, mostMs));
    outcome.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
