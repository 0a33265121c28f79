// Epoch time with sub-millisecond precision for spans. Within a trace time must not run backwards, so every trace takes one offset
// between the monotonic and the wall clock at its start and keeps it; the offset itself follows the wall clock from trace to trace.

/** A laptop that slept, or a clock that was set, moves the wall clock away from the monotonic one by more than this. */
const TOLERATED_DRIFT_MS = 20;
/** Reading the wall clock costs as much as the ids of a request: not for each of thousands of traces a second. */
const CHECK_INTERVAL_MS = 10;

// performance.timeOrigin has microseconds, Date.now() only milliseconds: prefer it while it holds.
let offsetMs = performance.timeOrigin;
let checkedAtMs = Number.NEGATIVE_INFINITY;

/** What to add to `performance.now()` to get epoch milliseconds, for a trace that starts now in this process. */
// hot: guarded by bench/spans
export function clockOffsetMs(nowMs: number): number {
  if (nowMs - checkedAtMs > CHECK_INTERVAL_MS) followWallClock(nowMs);
  return offsetMs;
}

function followWallClock(nowMs: number): void {
  checkedAtMs = nowMs;
  const wallMs = Date.now();
  const driftMs = wallMs - (performance.now() + offsetMs);
  if (driftMs > TOLERATED_DRIFT_MS || driftMs < -TOLERATED_DRIFT_MS) offsetMs = wallMs - performance.now();
}
