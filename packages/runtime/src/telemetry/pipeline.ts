// Where ended spans go: into a bounded buffer, and from there in batches to one sink. Nobody ever waits for it; what does not fit
// or cannot be delivered is dropped, counted, and warned about.
import type { Span } from "@tenon/model";
import { log } from "../log/log.ts";
import { runOutsideOfCalls } from "./outside-of-calls.ts";
import { warnRarely } from "./warn-rarely.ts";

/** Takes a batch and returns how many of its spans arrived. Must settle within a bounded time, soon after `signal` aborts. */
export type SpanSink = (spans: readonly Span[], signal: AbortSignal) => number | Promise<number>;

export interface TelemetryCounts {
  /** Sampled spans that have ended since the process started. */
  readonly ended: number;
  readonly delivered: number;
  /** Did not fit into the buffer, or could not be delivered. Spans that no sink was set for are neither. */
  readonly dropped: number;
}

/** As many again may be under way. */
const BUFFER_SPANS = 20_000;
const BATCH_SPANS = 512;

const counts = { ended: 0, delivered: 0, dropped: 0 };
let share = 1;
let sink: SpanSink | null = null;
let flushIntervalMs = 1000;
let waiting: Span[] = [];
let timer: NodeJS.Timeout | null = null;
let draining: Promise<void> | null = null;
let abandon = new AbortController();

export function telemetryCounts(): TelemetryCounts {
  return { ...counts };
}

export function sampleShare(): number {
  return share;
}

export function setPipeline(config: { sample: number; sink: SpanSink | null; flushIntervalMs: number }): void {
  share = config.sample;
  sink = config.sink;
  flushIntervalMs = config.flushIntervalMs;
}

// hot: every request makes several spans
export function offerSpan(span: Span): void {
  counts.ended++;
  if (sink === null) return;
  if (waiting.length >= BUFFER_SPANS) {
    drop(1, "they ended faster than they could be sent");
    return;
  }
  waiting.push(span);
  if (timer === null && draining === null) schedule();
}

/**
 * Delivers what has ended so far. Gives up after `timeoutMs`: what is left then is dropped, so that a process can always stop.
 */
export async function flushTelemetry(timeoutMs = 2000): Promise<void> {
  const timeout = setTimeout(() => abandon.abort(), timeoutMs);
  try {
    while (waiting.length > 0 || draining !== null) await drain();
  } finally {
    clearTimeout(timeout);
    if (abandon.signal.aborted) abandon = new AbortController();
  }
}

function schedule(): void {
  runOutsideOfCalls(() => {
    timer = setTimeout(() => void drain(), flushIntervalMs);
    timer.unref();
  });
}

function drain(): Promise<void> {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  draining ??= runOutsideOfCalls(deliverWaiting).finally(() => {
    draining = null;
    if (waiting.length > 0) schedule();
  });
  return draining;
}

/** Delivers what was waiting when it started; what ends meanwhile gets its own interval, or a busy process would never pause. */
async function deliverWaiting(): Promise<void> {
  const spans = waiting;
  waiting = [];
  for (let from = 0; from < spans.length; from += BATCH_SPANS) {
    await deliver(spans.slice(from, from + BATCH_SPANS));
  }
}

async function deliver(batch: readonly Span[]): Promise<void> {
  if (abandon.signal.aborted || sink === null) {
    drop(batch.length, "the process stopped before they could be sent");
    return;
  }
  try {
    const arrived = await sink(batch, abandon.signal);
    counts.delivered += arrived;
    counts.dropped += batch.length - arrived;
  } catch (error) {
    counts.dropped += batch.length;
    log.error(error, "telemetry: the span sink failed");
  }
}

function drop(spans: number, reason: string): void {
  counts.dropped += spans;
  warnRarely(`telemetry: spans are dropped: ${reason}`, { dropped: counts.dropped });
}
