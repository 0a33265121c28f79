// Epoch time with sub-millisecond precision for spans. Within a trace time must not run backwards, so every trace takes one offset
// between the monotonic and the wall clock at its start and keeps it; the offset itself follows the wall clock from trace to trace.

/** A laptop that slept, or a clock that was set, moves the wall clock away from the monotonic one by more than this. */
const TOLERATED_DRIFT_MS = 20;

// performance.timeOrigin has microseconds, Date.now() only milliseconds: prefer it while it holds.
let offsetMs = performance.timeOrigin;

/** What to add to `performance.now()` to get epoch milliseconds, for a trace that starts now in this process. */
export function clockOffsetMs(): number {
  const wallMs = Date.now();
  const driftMs = wallMs - (performance.now() + offsetMs);
  if (driftMs > TOLERATED_DRIFT_MS || driftMs < -TOLERATED_DRIFT_MS) offsetMs = wallMs - performance.now();
  return offsetMs;
}
