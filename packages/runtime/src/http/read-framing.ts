// How long a message is and what becomes of its connection: the fields that say so, read with no leniency (RFC 9112, 6 and 9).
import { isNameAt } from "./field-block.ts";
import { SPACE, TAB } from "./field-rules.ts";
import { FramingError } from "./framing-error.ts";

/** No Content-Length. */
export const NO_LENGTH = -1;

export interface Framing {
  /** Bytes of the body, or NO_LENGTH. */
  contentLength: number;
  isChunked: boolean;
  /** `connection` says "close". */
  isLast: boolean;
  /** `connection` says "keep-alive". */
  isKept: boolean;
  /** `connection` says "upgrade", and there is an `upgrade`. */
  asksUpgrade: boolean;
  /** How often there is a `host`. */
  hostCount: number;
  /** Where the value of the last `host` stands. */
  hostStart: number;
  hostEnd: number;
  /** The value of `expect`, in lower case. */
  expect: string | undefined;
}

const KEEP_ALIVE = "keep-alive";

/** 2^53 - 1 has 16 digits; whoever announces a petabyte does not mean it. */
const MAX_LENGTH_DIGITS = 15;

/** Throws FramingError. */
// hot: guarded by bench/hello
export function readFraming(head: string, fields: readonly number[]): Framing {
  const framing: Framing = {
    contentLength: NO_LENGTH,
    isChunked: false,
    isLast: false,
    isKept: false,
    asksUpgrade: false,
    hostCount: 0,
    hostStart: 0,
    hostEnd: 0,
    expect: undefined,
  };
  let hasUpgrade = false;
  for (let index = 0; index < fields.length; index += 4) {
    const start = fields[index]!;
    switch (fields[index + 1]! - start) {
      case 4:
        if (!isNameAt(head, start, "host")) break;
        framing.hostCount++;
        framing.hostStart = fields[index + 2]!;
        framing.hostEnd = fields[index + 3]!;
        break;
      case 6:
        if (isNameAt(head, start, "expect")) framing.expect = valueAt(head, fields, index).toLowerCase();
        break;
      case 7:
        if (isNameAt(head, start, "upgrade")) hasUpgrade = true;
        break;
      case 10:
        if (!isNameAt(head, start, "connection")) break;
        if (hasTabBehind(head, fields[index + 3]!)) throw new FramingError("connection");
        readConnection(head, fields, index, framing);
        break;
      case 14:
        if (!isNameAt(head, start, "content-length")) break;
        if (hasTabBehind(head, fields[index + 3]!)) throw new FramingError("length");
        readLength(valueAt(head, fields, index), framing);
        break;
      case 17:
        if (!isNameAt(head, start, "transfer-encoding")) break;
        if (hasTabBehind(head, fields[index + 3]!)) throw new FramingError("transfer-encoding");
        readEncoding(valueAt(head, fields, index), framing);
        break;
    }
  }
  if (framing.isChunked && framing.contentLength !== NO_LENGTH) throw new FramingError("two-framings");
  if (!hasUpgrade) framing.asksUpgrade = false;
  return framing;
}

/** It would be white space (RFC 9110, 5.6.3), but readers are about that do not know, node:http's among them: to them it is another value. */
function hasTabBehind(head: string, valueEnd: number): boolean {
  let at = valueEnd;
  while (head.charCodeAt(at) === SPACE) at++;
  return head.charCodeAt(at) === TAB;
}

function valueAt(head: string, fields: readonly number[], index: number): string {
  return head.slice(fields[index + 2]!, fields[index + 3]!);
}

/** To `trim`, bytes beyond ASCII would be white space, too; a tab is refused for the reason of hasTabBehind. */
function readConnection(head: string, fields: readonly number[], index: number, framing: Framing): void {
  const start = fields[index + 2]!;
  // What nearly all clients send.
  if (fields[index + 3]! - start === KEEP_ALIVE.length && isNameAt(head, start, KEEP_ALIVE)) {
    framing.isKept = true;
    return;
  }
  const value = valueAt(head, fields, index).toLowerCase();
  if (value.includes("\t")) throw new FramingError("connection");
  for (const part of value.split(",")) {
    const option = part.replace(/^ +| +$/g, "");
    if (option === "close") framing.isLast = true;
    else if (option === KEEP_ALIVE) framing.isKept = true;
    else if (option === "upgrade") framing.asksUpgrade = true;
  }
}

function readLength(value: string, framing: Framing): void {
  if (framing.contentLength !== NO_LENGTH) throw new FramingError("repeated-length");
  const { length } = value;
  if (length === 0 || length > MAX_LENGTH_DIGITS) throw new FramingError("length");
  if (length > 1 && value.charCodeAt(0) === 0x30) throw new FramingError("length");
  let sizeBytes = 0;
  for (let index = 0; index < length; index++) {
    const digit = value.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) throw new FramingError("length");
    sizeBytes = sizeBytes * 10 + digit;
  }
  framing.contentLength = sizeBytes;
}

/** A repeated field is a list of two codings, and "chunked" must not be applied twice (RFC 9112, 6.1). */
function readEncoding(value: string, framing: Framing): void {
  if (framing.isChunked || value.toLowerCase() !== "chunked") throw new FramingError("transfer-encoding");
  framing.isChunked = true;
}
