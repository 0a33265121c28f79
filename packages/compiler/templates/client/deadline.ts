// How long a call may take, and who may end it.
import { APIError, ErrCode } from "./errors.ts";

/** One signal for the caller's own and for the time that is left. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** What to throw for a failure that the signal brought about. */
  reasonOf(error: unknown): unknown;
  /** Must be called when the call is over. */
  release(): void;
}

export function startDeadline(timeoutMs: number | undefined, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  else outer?.addEventListener("abort", abort, { once: true });
  const tooLate = () => {
    const message = `there was no answer within ${timeoutMs} ms`;
    controller.abort(new APIError(0, { code: ErrCode.DeadlineExceeded, message, details: null }));
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(tooLate, timeoutMs);
  return {
    signal: controller.signal,
    reasonOf: (error) => (controller.signal.aborted ? controller.signal.reason : error),
    release() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    },
  };
}

/** Rejects with the signal's reason when it fires first. */
export function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, durationMs);
    signal.addEventListener("abort", abort, { once: true });
  });
}
