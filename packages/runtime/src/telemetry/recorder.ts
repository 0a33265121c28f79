// Starts spans: new or continued trace, sampled or not. What happens to them once they end is the pipeline's business.
import { clockOffsetMs } from "./clock.ts";
import { parseHex } from "./hex-digits.ts";
import { randomWord, randomWordNotZero } from "./ids.ts";
import { sampleShare } from "./pipeline.ts";
import { RecordedSpan } from "./recorded-span.ts";
import type { RecordingSpan, SpanContext, SpanOptions } from "./span.ts";
import { SpanTemplate } from "./span-template.ts";

/** 52 bits, the most that a number holds exactly. */
const RANDOM_RANGE = 2 ** 52;
const WORD_RANGE = 2 ** 32;
const LOW_20_BITS = 0xf_ffff;

/**
 * Starts a span now. A parent's sampling decision is followed; a span that is not sampled passes ids on but records nothing.
 * `attributes` are not copied: do not change that object afterwards.
 */
export function startSpan(options: SpanOptions): RecordingSpan {
  return startTemplateSpan(new SpanTemplate(options), options.parent);
}

/** As `startSpan`, from what was prepared once. `nowMs`: `performance.now()` where the caller has just read it. */
// hot: guarded by bench/spans
export function startTemplateSpan(
  template: SpanTemplate,
  parent: SpanContext | undefined,
  nowMs: number = performance.now(),
): RecordedSpan {
  if (parent === undefined) return startRoot(template, nowMs);
  return parent instanceof RecordedSpan ? startChild(template, parent, nowMs) : continueTrace(template, parent, nowMs);
}

function startRoot(template: SpanTemplate, nowMs: number): RecordedSpan {
  const trace2 = randomWord();
  const trace3 = randomWord();
  return new RecordedSpan(
    template,
    randomWordNotZero(),
    randomWord(),
    trace2,
    trace3,
    0,
    0,
    isSampled(trace2, trace3),
    undefined,
    clockOffsetMs(nowMs),
    nowMs,
  );
}

function startChild(template: SpanTemplate, parent: RecordedSpan, nowMs: number): RecordedSpan {
  return new RecordedSpan(
    template,
    parent.trace0,
    parent.trace1,
    parent.trace2,
    parent.trace3,
    parent.span0,
    parent.span1,
    parent.sampled,
    parent.traceState,
    parent.clockOffsetMs,
    nowMs,
  );
}

function continueTrace(template: SpanTemplate, { traceId, spanId, sampled, traceState }: SpanContext, nowMs: number) {
  return new RecordedSpan(
    template,
    parseHex(traceId, 0),
    parseHex(traceId, 8),
    parseHex(traceId, 16),
    parseHex(traceId, 24),
    parseHex(spanId, 0),
    parseHex(spanId, 8),
    sampled,
    traceState,
    clockOffsetMs(nowMs),
    nowMs,
  );
}

/** Decided by the random end of the trace id, so that all who see the id and the same share decide alike (W3C level 2). */
function isSampled(trace2: number, trace3: number): boolean {
  const share = sampleShare();
  if (share >= 1) return true;
  return (trace2 & LOW_20_BITS) * WORD_RANGE + (trace3 >>> 0) < share * RANDOM_RANGE;
}
