// A piece of memory that finished spans are written into, one behind the other, as OTLP JSON. Whoever writes has made sure that there
// is room; all texts are ASCII.
import { putHex } from "../hex-digits.ts";
import type { RecordedSpan } from "../recorded-span.ts";
import { escapeText } from "./json-text.ts";
import {
  CHILD_START_AT,
  END_AFTER_START,
  PARENT_ID_AT,
  ROOT_START_AT,
  SPAN_ID_AT,
  type SpanImage,
  TRACE_ID_AT,
} from "./span-image.ts";
import { putDigits, putNanoseconds } from "./put-digits.ts";

/** Longer texts are copied faster by the engine than character by character. */
const SHORT_TEXT = 40;
/** "\\u00e9", and no more for any character of a string. */
export const MAX_BYTES_PER_CHARACTER = 6;
const QUOTE = 34;
const BACKSLASH = 92;

export class SpanChunk {
  readonly bytes: Buffer;
  readonly view: DataView;
  length = 0;
  spans = 0;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.alloc(sizeBytes);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, sizeBytes);
  }

  get written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  // hot: guarded by bench/spans
  putSpan(image: SpanImage, span: RecordedSpan): void {
    const { view, length: at } = this;
    this.bytes.set(image.bytes, at);
    putHex(view, at + TRACE_ID_AT, span.trace0);
    putHex(view, at + TRACE_ID_AT + 8, span.trace1);
    putHex(view, at + TRACE_ID_AT + 16, span.trace2);
    putHex(view, at + TRACE_ID_AT + 24, span.trace3);
    putHex(view, at + SPAN_ID_AT, span.span0);
    putHex(view, at + SPAN_ID_AT + 8, span.span1);
    let startAt = at + ROOT_START_AT;
    if (!span.isRoot) {
      putHex(view, at + PARENT_ID_AT, span.parent0);
      putHex(view, at + PARENT_ID_AT + 8, span.parent1);
      startAt = at + CHILD_START_AT;
    }
    putNanoseconds(view, startAt, span.startedAt, 0);
    putNanoseconds(view, startAt + END_AFTER_START, span.startedAt, span.durationMs);
    this.length = at + image.bytes.length;
    this.spans++;
  }

  /** Of a public request that was answered with a status of three digits. */
  // hot: guarded by bench/spans
  putRequestSpan(image: SpanImage, span: RecordedSpan, status: number): void {
    const statusAt = this.length + image.statusAt;
    this.putSpan(image, span);
    putDigits(this.view, statusAt, 3, status);
  }

  // hot: guarded by bench/spans
  putBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** ASCII, as it is. */
  // hot: guarded by bench/spans
  putAscii(text: string): void {
    const { bytes, length: start } = this;
    if (text.length > SHORT_TEXT) bytes.write(text, start, "latin1");
    else for (let index = 0; index < text.length; index++) bytes[start + index] = text.charCodeAt(index);
    this.length = start + text.length;
  }

  /** The inside of a JSON string. Secrets have been taken out. */
  // hot: guarded by bench/spans
  putText(text: string): void {
    const { bytes, length: start } = this;
    if (text.length > SHORT_TEXT) {
      this.putAscii(escapeText(text));
      return;
    }
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) {
        this.putAscii(escapeText(text));
        return;
      }
      bytes[start + index] = code;
    }
    this.length = start + text.length;
  }
}
