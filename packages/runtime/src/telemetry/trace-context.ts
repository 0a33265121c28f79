// W3C Trace Context: reads and writes the `traceparent` header. Anything that is not valid is as if there were none (section 3.2).
import type { SpanContext } from "./span.ts";

const FIELDS = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const ZERO_TRACE_ID = "0".repeat(32);
const ZERO_SPAN_ID = "0".repeat(16);
const SAMPLED_FLAG = 1;
/** The specification asks to carry at least 512 characters; beyond this the header is dropped as a whole. */
const MAX_TRACE_STATE_LENGTH = 4096;
const PRINTABLE_ASCII = /^[\x20-\x7e\t]*$/;

/** The caller's span, or undefined when the header is missing or not valid. Versions that do not exist yet are read as version 00. */
export function parseTraceparent(
  traceparent: string | undefined,
  tracestate?: string | undefined,
): SpanContext | undefined {
  if (traceparent === undefined) return undefined;
  const match = FIELDS.exec(traceparent);
  if (match === null) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", rest] = match;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (traceId === ZERO_TRACE_ID || spanId === ZERO_SPAN_ID) return undefined;
  return {
    traceId,
    spanId,
    sampled: (Number.parseInt(flags, 16) & SAMPLED_FLAG) === SAMPLED_FLAG,
    traceState: usableTraceState(tracestate),
  };
}

/** The header for whoever is called within this span; also the value of `traceresponse`. */
export function formatTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${span.sampled ? "01" : "00"}`;
}

function usableTraceState(tracestate: string | undefined): string | undefined {
  if (tracestate === undefined || tracestate === "" || tracestate.length > MAX_TRACE_STATE_LENGTH) return undefined;
  return PRINTABLE_ASCII.test(tracestate) ? tracestate : undefined;
}
