// Whether a call should still go on. One object per call carries its deadline, its caller's abort and its parent's end, and tells
// whoever waits; an AbortSignal is only made when somebody asks for one, because most handlers never do.
//
//   open --cancel(reason)--> canceled
//    |                          |
//    +------- release() --------+--> released: nothing reaches it any more
import { runOutsideOfCalls } from "../telemetry/outside-of-calls.ts";
import type { APIError } from "./api-error.ts";
import { type DeadlineBucket, DeadlineWheel, TURN_MS, type WheelEntry } from "./deadline-wheel.ts";

/** Told once, when a call is cancelled. */
export interface Cancelable {
  cancel(reason: APIError): void;
}

// hot: guarded by bench/call
export class Cancellation implements Cancelable, WheelEntry {
  /** Why the call must stop; undefined while it may go on. */
  reason: APIError | undefined = undefined;
  private readonly parent: Cancellation | undefined;
  private controller: AbortController | undefined = undefined;
  previousOnWheel: WheelEntry | undefined = undefined;
  nextOnWheel: WheelEntry | undefined = undefined;
  bucket: DeadlineBucket | undefined = undefined;
  /** Mostly there is one. */
  private listener: Cancelable | undefined = undefined;
  private moreListeners: Set<Cancelable> | undefined = undefined;
  private deadlineAt = 0;
  private makeReason: (() => APIError) | undefined = undefined;
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
    const { listener, moreListeners } = this;
    this.listener = undefined;
    this.moreListeners = undefined;
    listener?.cancel(reason);
    if (moreListeners !== undefined) for (const one of moreListeners) one.cancel(reason);
    this.controller?.abort(reason);
  }

  /** Cancels with the error that `reasonAt` makes once `deadlineAt` (epoch milliseconds) has come. */
  cancelAt(deadlineAt: number, makeReason: () => APIError): void {
    this.deadlineAt = deadlineAt;
    this.makeReason = makeReason;
    const remainingMs = deadlineAt - Date.now();
    if (remainingMs <= 0) this.cancel(makeReason());
    else if (remainingMs < 2 * TURN_MS || remainingMs > MAX_TIMER_MS) this.startTimer(remainingMs);
    else wheel.add(this, deadlineAt);
  }

  onNear(): void {
    this.startTimer(Math.max(1, this.deadlineAt - Date.now()));
  }

  private startTimer(remainingMs: number): void {
    this.timer = setTimeout(expire, Math.min(remainingMs, MAX_TIMER_MS), this);
  }

  expire(): void {
    this.cancel(this.makeReason!());
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
    else if (this.listener === undefined) this.listener = listener;
    else if (this.moreListeners === undefined) this.moreListeners = new Set([listener]);
    else this.moreListeners.add(listener);
  }

  remove(listener: Cancelable): void {
    if (this.listener === listener) this.listener = undefined;
    else this.moreListeners?.delete(listener);
  }

  /** The call is over: lets go of timer, parent and signal. */
  release(): void {
    if (this.bucket !== undefined) wheel.remove(this);
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.parent?.remove(this);
    this.unfollow?.();
  }
}

/** The longest a Node timer can wait; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** One for the process; a turn that is waited for keeps it alive, as the timers would. */
const wheel = new DeadlineWheel((turn) => void runOutsideOfCalls(() => setTimeout(turn, TURN_MS)));

function expire(cancellation: Cancellation): void {
  cancellation.expire();
}
