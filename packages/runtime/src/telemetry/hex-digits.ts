// Trace and span ids as 32-bit words: 8 hex digits each. Words cost a fraction of strings to make, to hand down and to write; texts are
// made where somebody asks for one.

/** Two digits of each byte, the first in the low half: what a little-endian write puts first. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, "0");
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 8);
});

/** Writes the 8 digits of a word at `at`. */
// hot: guarded by bench/spans
export function putHex(view: DataView, at: number, word: number): void {
  view.setUint16(at, PAIRS[word >>> 24] as number, true);
  view.setUint16(at + 2, PAIRS[(word >>> 16) & 255] as number, true);
  view.setUint16(at + 4, PAIRS[(word >>> 8) & 255] as number, true);
  view.setUint16(at + 6, PAIRS[word & 255] as number, true);
}

/** The word of 8 lower-case digits that start at `from`. Does not check: ids are checked where they come in (trace-context.ts). */
export function parseHex(text: string, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at++) {
    const code = text.charCodeAt(at);
    word = (word << 4) | ((code & 15) + (code > 57 ? 9 : 0));
  }
  return word;
}

/** "00-<trace id>-<span id>-<flags>" (W3C Trace Context): scratch for one text at a time. */
const scratch = Buffer.from(`00-${"0".repeat(32)}-${"0".repeat(16)}-00`, "latin1");
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);
const TRACE_AT = 3;
const SPAN_AT = 36;
const SAMPLED_AT = 54;
const ZERO = 48;

export function traceIdText(first: number, second: number, third: number, fourth: number): string {
  putHex(scratchView, TRACE_AT, first);
  putHex(scratchView, TRACE_AT + 8, second);
  putHex(scratchView, TRACE_AT + 16, third);
  putHex(scratchView, TRACE_AT + 24, fourth);
  return scratch.toString("latin1", TRACE_AT, TRACE_AT + 32);
}

export function spanIdText(first: number, second: number): string {
  putHex(scratchView, SPAN_AT, first);
  putHex(scratchView, SPAN_AT + 8, second);
  return scratch.toString("latin1", SPAN_AT, SPAN_AT + 16);
}

/** What identifies a span, as words. */
export interface SpanWords {
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  readonly span0: number;
  readonly span1: number;
  readonly sampled: boolean;
}

/** Fills in a traceparent whose text, with any digits, starts at `at`. */
// hot: guarded by bench/spans
export function putTraceparent(view: DataView, at: number, span: SpanWords): void {
  putHex(view, at + TRACE_AT, span.trace0);
  putHex(view, at + TRACE_AT + 8, span.trace1);
  putHex(view, at + TRACE_AT + 16, span.trace2);
  putHex(view, at + TRACE_AT + 24, span.trace3);
  putHex(view, at + SPAN_AT, span.span0);
  putHex(view, at + SPAN_AT + 8, span.span1);
  view.setUint8(at + SAMPLED_AT, span.sampled ? ZERO + 1 : ZERO);
}

export function traceparentText(span: SpanWords): string {
  putTraceparent(scratchView, 0, span);
  return scratch.toString("latin1");
}
