// Random ids for traces and spans, as W3C hex. Random bytes are fetched and turned into hex a pool at a time, which is several
// times cheaper than per id.
import { randomFillSync } from "node:crypto";

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;
const ZERO_TRACE_ID = "0".repeat(TRACE_ID_DIGITS);
const ZERO_SPAN_ID = "0".repeat(SPAN_ID_DIGITS);

const bytes = Buffer.alloc(4096);
let pool = "";
let position = 0;

function takeDigits(count: number): string {
  if (position + count > pool.length) {
    pool = randomFillSync(bytes).toString("hex");
    position = 0;
  }
  position += count;
  return pool.slice(position - count, position);
}

/** 32 hex digits, never all zero: W3C reserves that for "none". */
export function newTraceId(): string {
  const id = takeDigits(TRACE_ID_DIGITS);
  return id === ZERO_TRACE_ID ? newTraceId() : id;
}

/** 16 hex digits, never all zero. */
export function newSpanId(): string {
  const id = takeDigits(SPAN_ID_DIGITS);
  return id === ZERO_SPAN_ID ? newSpanId() : id;
}
