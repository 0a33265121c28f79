// How long a call may take and who may stop it.
import type { CallContext } from "./context.ts";
import { Cancellation } from "./cancellation.ts";
import { RequestError } from "./request-error.ts";
import { cancellationOf } from "./served-call.ts";

/** Per call, all optional. */
export interface CallOpts {
  /** How long the call may take, in milliseconds. Default 30,000; what is left of the caller's own deadline if that is less. */
  readonly timeoutMs?: number;
  /** Aborting it cancels the call, also on the other side. */
  readonly signal?: AbortSignal;
  /**
   * For whom the call is made, in the form that an auth handler of the app gives: null for nobody. Default: for whom the endpoint that
   * runs was called. The clients type it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: code that only passes options on does not know the type, and what it passes on must fit there
  readonly authData?: any;
}

/** A call without a limit would let one hanging service hold up everyone who depends on it. */
export const DEFAULT_TIMEOUT_MS = 30_000;

export interface CallTarget {
  /** "users.get". */
  readonly name: string;
  readonly deadlinePassed: () => RequestError;
}

/** The earlier of the call's own deadline and the one it inherits, as epoch milliseconds. */
// hot: guarded by bench/call
export function deadlineOf(parent: CallContext | undefined, options: CallOpts | undefined): number {
  const own = Date.now() + (options?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const inherited = parent?.deadlineAt;
  return inherited !== undefined && inherited < own ? inherited : own;
}

/** What stops the call: its deadline, its caller's signal, the end of the request it belongs to. Release it after the call. */
// hot: guarded by bench/call
export function policy(
  target: CallTarget,
  parent: CallContext | undefined,
  deadlineAt: number,
  options: CallOpts | undefined,
): Cancellation {
  const parentCancellation = cancellationOf(parent);
  const cancellation = new Cancellation(parentCancellation);
  // A parent with the same deadline cancels its children itself.
  const isOwn = parentCancellation === undefined || parent?.deadlineAt !== deadlineAt;
  if (isOwn && Number.isFinite(deadlineAt)) {
    cancellation.cancelAt(deadlineAt, target.deadlinePassed);
  }
  const signal = options?.signal ?? (parentCancellation === undefined ? parent?.signal : undefined);
  if (signal !== undefined) cancellation.follow(signal, (aborted) => reasonOf(target, aborted));
  return cancellation;
}

/** Why a signal from outside stops a call. */
export function reasonOf(target: CallTarget, signal: AbortSignal): RequestError {
  const isTimeout = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  return isTimeout
    ? target.deadlinePassed()
    : new RequestError("call_canceled", { endpoint: target.name }, signal.reason);
}
