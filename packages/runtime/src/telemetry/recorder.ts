// Starts spans: new or continued trace, sampled or not. What happens to them once they end is the pipeline's business.
import type { Attributes } from "@tenon/model";
import { clockOffsetMs } from "./clock.ts";
import { newSpanId, newTraceId } from "./ids.ts";
import { sampleShare } from "./pipeline.ts";
import { RecordedSpan } from "./recorded-span.ts";
import type { RecordingSpan, SpanContext, SpanOptions } from "./span.ts";
import type { SpanTemplate } from "./span-template.ts";

/** 52 bits, the most that a number holds exactly. */
const RANDOM_DIGITS = 13;
const RANDOM_RANGE = 16 ** RANDOM_DIGITS;

/**
 * Starts a span now. A parent's sampling decision is followed; a span that is not sampled passes ids on but records nothing.
 * `attributes` are not copied until one is set: do not change that object afterwards.
 */
// hot: every request makes several spans
export function startSpan(options: SpanOptions): RecordingSpan {
  return start(options, options.attributes, options.parent, performance.now());
}

/** As `startSpan`, from what was prepared once. `nowMs`: `performance.now()` where the caller has just read it. */
// hot: guarded by bench/spans
export function startTemplateSpan(
  template: SpanTemplate,
  parent: SpanContext | undefined,
  nowMs: number = performance.now(),
): RecordedSpan {
  return start(template, template.attributes, parent, nowMs);
}

function start(
  about: Pick<SpanOptions, "name" | "kind" | "service">,
  attributes: Attributes | undefined,
  parent: SpanContext | undefined,
  nowMs: number,
): RecordedSpan {
  const { name, kind, service } = about;
  if (parent === undefined) {
    const traceId = newTraceId();
    return new RecordedSpan(
      traceId,
      newSpanId(),
      null,
      isSampled(traceId),
      undefined,
      service,
      name,
      kind,
      attributes,
      clockOffsetMs(),
      nowMs,
    );
  }
  return new RecordedSpan(
    parent.traceId,
    newSpanId(),
    parent.spanId,
    parent.sampled,
    parent.traceState,
    service,
    name,
    kind,
    attributes,
    parent instanceof RecordedSpan ? parent.clockOffsetMs : clockOffsetMs(),
    nowMs,
  );
}

/** Decided by the random end of the trace id, so that all who see the id and the same share decide alike (W3C level 2). */
function isSampled(traceId: string): boolean {
  const share = sampleShare();
  if (share >= 1) return true;
  return Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) < share * RANDOM_RANGE;
}
