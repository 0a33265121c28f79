// The one seam for time: whatever waits or asks how late it is does so here, so that tests and simulations can drive it.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, after the time. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): Timer;
}

/** Node's timers take no more; whoever waits longer is woken in between by itself. */
export const longestTimerMs = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), longestTimerMs));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

let current = systemClock;

export function clock(): Clock {
  return current;
}

/** Puts another clock in place; returns what puts the one before back. For tests. */
export function useClock(next: Clock): () => void {
  const before = current;
  current = next;
  return () => {
    current = before;
  };
}
