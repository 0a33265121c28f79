// Tells apart why the call that a statement belongs to is over: its deadline passed, or its caller went away.
import type { CallContext } from "../call/context.ts";
import { DatabaseError } from "./errors.ts";

export function canceledError(database: string, call: CallContext | undefined): DatabaseError {
  const late = call?.deadlineAt !== undefined && Date.now() >= call.deadlineAt;
  return new DatabaseError(late ? "statement_deadline_exceeded" : "statement_canceled", database);
}

/** The outcome; or, when the call is over before, the reason why nobody waits for it any more. */
export function unlessOver<T>(outcome: Promise<T>, database: string, call: CallContext | undefined): Promise<T> {
  if (!call) return outcome;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(canceledError(database, call));
    if (call.signal.aborted) onAbort();
    call.signal.addEventListener("abort", onAbort, { once: true });
    outcome.finally(() => call.signal.removeEventListener("abort", onAbort)).then(resolve, reject);
  });
}
