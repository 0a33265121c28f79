// Where ended spans go: into a bounded buffer, and from there in batches to where they are wanted. Nobody ever waits for it; what does
// not fit or cannot be delivered is dropped, counted, and warned about.
import { log } from "../log/log.ts";
import { runOutsideOfCalls } from "./outside-of-calls.ts";
import type { RecordedSpan } from "./recorded-span.ts";
import type { SpanBatch, SpanOutlet } from "./span-outlet.ts";
import { warnRarely } from "./warn-rarely.ts";

export interface TelemetryCounts {
  /** Sampled spans that have ended since the process started. */
  readonly ended: number;
  readonly delivered: number;
  /** Did not fit into the buffer, or could not be delivered. Spans that no sink was set for are neither. */
  readonly dropped: number;
}

/** As many again may be under way. */
const BUFFER_SPANS = 20_000;
/** So many do not wait for their interval, within which a busy process would fill the buffer. Mostly one batch. */
const ENOUGH_SPANS = 2_000;

const counts = { ended: 0, delivered: 0, dropped: 0 };
let share = 1;
let outlet: SpanOutlet | null = null;
let flushIntervalMs = 1000;
/** Of an outlet that another has taken the place of. */
let leftOver: SpanBatch[] = [];
let timer: NodeJS.Timeout | null = null;
let isDueNow = false;
let draining: Promise<void> | null = null;
let abandon = new AbortController();

export function telemetryCounts(): TelemetryCounts {
  return { ...counts };
}

export function sampleShare(): number {
  return share;
}

/** What waits already still goes where it was meant to go. */
export function setPipeline(config: { sample: number; outlet: SpanOutlet | null; flushIntervalMs: number }): void {
  share = config.sample;
  flushIntervalMs = config.flushIntervalMs;
  if (outlet !== null) leftOver.push(...outlet.take());
  outlet = config.outlet;
}

// hot: guarded by bench/spans
export function offerSpan(span: RecordedSpan): void {
  counts.ended++;
  if (outlet === null) return;
  if (outlet.waiting >= BUFFER_SPANS || outlet.isFull) {
    drop(1, "they ended faster than they could be sent");
    return;
  }
  outlet.add(span);
  if (draining === null && (timer === null || (!isDueNow && outlet.waiting >= ENOUGH_SPANS))) schedule();
}

/**
 * Delivers what has ended so far. Gives up after `timeoutMs`: what is left then is dropped, so that a process can always stop.
 */
export async function flushTelemetry(timeoutMs = 2000): Promise<void> {
  const timeout = setTimeout(() => abandon.abort(), timeoutMs);
  try {
    while (hasWaiting() || draining !== null) await drain();
  } finally {
    clearTimeout(timeout);
    if (abandon.signal.aborted) abandon = new AbortController();
  }
}

function hasWaiting(): boolean {
  return leftOver.length > 0 || (outlet !== null && outlet.waiting > 0);
}

function schedule(): void {
  if (timer !== null) clearTimeout(timer);
  isDueNow = outlet !== null && outlet.waiting >= ENOUGH_SPANS;
  runOutsideOfCalls(() => {
    timer = setTimeout(() => void drain(), isDueNow ? 0 : flushIntervalMs);
    timer.unref();
  });
}

function drain(): Promise<void> {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  draining ??= runOutsideOfCalls(deliverWaiting).finally(() => {
    draining = null;
    if (hasWaiting()) schedule();
  });
  return draining;
}

/** Delivers what was waiting when it started; what ends meanwhile gets its own turn, or a busy process would never pause. */
async function deliverWaiting(): Promise<void> {
  const batches = leftOver;
  leftOver = [];
  if (outlet !== null) batches.push(...outlet.take());
  for (const batch of batches) await deliver(batch);
}

async function deliver(batch: SpanBatch): Promise<void> {
  if (abandon.signal.aborted) {
    batch.discard();
    drop(batch.spans, "the process stopped before they could be sent");
    return;
  }
  try {
    const arrived = await batch.deliver(abandon.signal);
    counts.delivered += arrived;
    counts.dropped += batch.spans - arrived;
  } catch (error) {
    counts.dropped += batch.spans;
    log.error(error, "telemetry: the span sink failed");
  }
}

function drop(spans: number, reason: string): void {
  counts.dropped += spans;
  warnRarely(`telemetry: spans are dropped: ${reason}`, { dropped: counts.dropped });
}
