// Takes a chunked body apart as it arrives, in whatever pieces, with its trailers (RFC 9112, 7.1).
//
//   size ──extension──> extension ─┐
//    │ ^                           │
//    CR LF                         │
//    v │ <─────────────────────────┘
//   data ──CR LF──> size            last chunk (size 0): trailers ──empty line──> done
import { CR, HEX, LF } from "./field-rules.ts";
import { FieldBlock } from "./field-block.ts";
import { FramingError } from "./framing-error.ts";
import { readFields } from "./read-fields.ts";

type State = "size" | "data" | "data-end" | "trailers" | "done";

/** A size line: digits and extensions. What a peer sends beyond it is noise. */
const MAX_SIZE_LINE_BYTES = 1024;
/** Extensions of all chunks of a message together, so that they cannot make up most of it. */
const MAX_EXTENSION_BYTES = 16 * 1024;
/** 16^12 bytes are 256 TiB. */
const MAX_SIZE_DIGITS = 12;

/** Semantics of a message are settled before its body; these would say something else afterwards (RFC 9110, 6.5.1). */
const FORBIDDEN_TRAILERS = ["content-length", "transfer-encoding", "host", "connection", "trailer"];

export interface BodySink {
  /** A part of the body; never empty. */
  onBodyPart(part: Buffer): void;
}

export class ChunkedBody {
  #state: State = "size";
  /** Of the line or of the trailers, as long as they are not all there. */
  #partial: Buffer | null = null;
  #left = 0;
  #extensionBytes = 0;
  #trailers: FieldBlock | undefined;
  readonly #trailerLimitBytes: number;

  constructor(trailerLimitBytes: number) {
    this.#trailerLimitBytes = trailerLimitBytes;
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Once done. */
  get trailers(): Readonly<Record<string, string>> {
    return (this.#trailers?.headers ?? {}) as Readonly<Record<string, string>>;
  }

  /** Gives what is in `bytes` from `from` on to the sink; position behind what belongs to the body. Throws FramingError. */
  read(bytes: Buffer, from: number, sink: BodySink): number {
    let at = from;
    while (at < bytes.length && this.#state !== "done") {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#left);
        this.#left -= end - at;
        if (this.#left === 0) this.#state = "data-end";
        sink.onBodyPart(bytes.subarray(at, end));
        at = end;
      } else if (this.#state === "data-end") at = this.#readDataEnd(bytes, at);
      else if (this.#state === "size") at = this.#readSizeLine(bytes, at);
      else at = this.#readTrailers(bytes, at);
    }
    return at;
  }

  #readDataEnd(bytes: Buffer, at: number): number {
    const expected = this.#partial === null ? CR : LF;
    if (bytes[at] !== expected) throw new FramingError("chunk-end");
    if (expected === CR) this.#partial = EMPTY;
    else {
      this.#partial = null;
      this.#state = "size";
    }
    return at + 1;
  }

  #readSizeLine(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(LF, from);
    const end = found === -1 ? bytes.length : found + 1;
    const line = this.#join(bytes, from, end);
    if (line.length > MAX_SIZE_LINE_BYTES) throw new FramingError("chunk-extension");
    if (found === -1) {
      this.#partial = line;
      return end;
    }
    this.#partial = null;
    if (line[line.length - 2] !== CR) throw new FramingError("chunk-size");
    this.#startChunk(line, line.length - 2);
    return end;
  }

  #startChunk(line: Buffer, end: number): void {
    let at = 0;
    let sizeBytes = 0;
    for (; at < end && HEX[line[at]!]! !== 255; at++) sizeBytes = sizeBytes * 16 + HEX[line[at]!]!;
    if (at === 0 || at > MAX_SIZE_DIGITS) throw new FramingError("chunk-size");
    if (at < end) {
      this.#extensionBytes += end - at;
      if (this.#extensionBytes > MAX_EXTENSION_BYTES) throw new FramingError("chunk-extension");
      checkExtensions(line, at, end);
    }
    this.#left = sizeBytes;
    this.#state = sizeBytes === 0 ? "trailers" : "data";
  }

  #readTrailers(bytes: Buffer, from: number): number {
    const before = this.#partial?.length ?? 0;
    const block = this.#join(bytes, from, bytes.length);
    const fields: number[] = [];
    // Until a line ends nothing new can be said of them, and trailers that arrive in single bytes must not cost their square.
    const isWorthReading = bytes.indexOf(LF, from) !== -1;
    const end = isWorthReading ? readFields(block, 0, 0, fields) : -1;
    if ((end === -1 ? block.length : end) > this.#trailerLimitBytes) throw new FramingError("head-size");
    if (end === -1) {
      this.#partial = block;
      return bytes.length;
    }
    this.#partial = null;
    if (fields.length > 0) {
      this.#trailers = new FieldBlock(block.toString("latin1", 0, end), fields);
      for (const name of FORBIDDEN_TRAILERS) {
        if (this.#trailers.header(name) !== undefined) throw new FramingError("trailer-field");
      }
    }
    this.#state = "done";
    return from + end - before;
  }

  #join(bytes: Buffer, from: number, end: number): Buffer {
    const part = bytes.subarray(from, end);
    return this.#partial === null ? part : Buffer.concat([this.#partial, part]);
  }
}

const EMPTY = Buffer.alloc(0);

/** `*( ";" name [ "=" ( token / quoted-string ) ] )`, checked and then ignored; without the "bad" white space that RFC 9112, 7.1.1 has. */
function checkExtensions(line: Buffer, from: number, end: number): void {
  const text = line.toString("latin1", from, end);
  if (!EXTENSIONS.test(text)) throw new FramingError("chunk-extension");
}

const EXTENSIONS =
  /^(?:;[\w!#$%&'*+.^`|~-]+(?:=(?:[\w!#$%&'*+.^`|~-]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"))?)+$/;
