// Whether a call should still go on. One object per call carries its deadline, its caller's abort and its parent's end, and tells
// whoever waits; an AbortSignal is only made when somebody asks for one, because most handlers never do.
//
//   open --cancel(reason)--> canceled
//    |                          |
//    +------- release() --------+--> released: nothing reaches it any more
import type { APIError } from "./api-error.ts";

/** Told once, when a call is cancelled. */
export interface Cancelable {
  cancel(reason: APIError): void;
}

// hot: guarded by bench/call
export class Cancellation implements Cancelable {
  /** Why the call must stop; undefined while it may go on. */
  reason: APIError | undefined = undefined;
  private readonly parent: Cancellation | undefined;
  private controller: AbortController | undefined = undefined;
  private listeners: Set<Cancelable> | undefined = undefined;
  private timer: NodeJS.Timeout | undefined = undefined;
  private unfollow: (() => void) | undefined = undefined;

  constructor(parent: Cancellation | undefined) {
    this.parent = parent;
    if (parent === undefined) return;
    if (parent.reason === undefined) parent.add(this);
    else this.reason = parent.reason;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.reason !== undefined) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  cancel(reason: APIError): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    const listeners = this.listeners;
    this.listeners = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener.cancel(reason);
    this.controller?.abort(reason);
  }

  /** Cancels with the error that `reasonAt` makes once `deadlineAt` (epoch milliseconds) has come. */
  cancelAt(deadlineAt: number, makeReason: () => APIError): void {
    const remainingMs = deadlineAt - Date.now();
    if (remainingMs <= 0) this.cancel(makeReason());
    else this.timer = setTimeout(expire, Math.min(remainingMs, MAX_TIMER_MS), this, makeReason);
  }

  /** Cancels when a signal from elsewhere aborts. */
  follow(signal: AbortSignal, makeReason: (signal: AbortSignal) => APIError): void {
    if (signal.aborted) {
      this.cancel(makeReason(signal));
      return;
    }
    const onAbort = () => this.cancel(makeReason(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    this.unfollow = () => signal.removeEventListener("abort", onAbort);
  }

  add(listener: Cancelable): void {
    if (this.reason !== undefined) listener.cancel(this.reason);
    else if (this.listeners === undefined) this.listeners = new Set([listener]);
    else this.listeners.add(listener);
  }

  remove(listener: Cancelable): void {
    this.listeners?.delete(listener);
  }

  /** The call is over: lets go of timer, parent and signal. */
  release(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.parent?.remove(this);
    this.unfollow?.();
  }
}

/** The longest a Node timer can wait; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

function expire(cancellation: Cancellation, makeReason: () => APIError): void {
  cancellation.cancel(makeReason());
}
