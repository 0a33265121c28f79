// Reads the field lines of a head or of trailers, up to the empty line, as offsets: no string is made here.
import { COLON, CR, LF, SPACE, TAB, TOKEN, VALUE } from "./field-rules.ts";
import { FramingError } from "./framing-error.ts";

/**
 * Position behind the empty line that ends the fields, or -1 while it has not arrived. Per field four offsets are added to `fields`, from
 * `base` on: start and end of the name, start and end of the value without the white space around it. Throws FramingError.
 */
// hot: guarded by bench/hello
export function readFields(bytes: Uint8Array, from: number, base: number, fields: number[]): number {
  const end = bytes.length;
  let at = from;
  while (at < end) {
    if (bytes[at] === CR) return lineEnd(bytes, at);
    const nameStart = at;
    while (at < end && TOKEN[bytes[at]!] !== 0) at++;
    if (at === end) return -1;
    if (bytes[at] !== COLON || at === nameStart) throw brokenName(bytes, at, nameStart);
    const nameEnd = at++;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    const valueStart = at;
    while (at < end && VALUE[bytes[at]!] === 1) at++;
    if (at === end) return -1;
    let valueEnd = at;
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd--;
    if (bytes[at] !== CR) throw new FramingError(bytes[at] === LF ? "line-end" : "field-value");
    at = lineEnd(bytes, at);
    if (at === -1) return -1;
    fields.push(nameStart - base, nameEnd - base, valueStart - base, valueEnd - base);
  }
  return -1;
}

/** Position behind the LF that has to follow the CR at `at`; -1 while it has not arrived. */
export function lineEnd(bytes: Uint8Array, at: number): number {
  if (at + 1 >= bytes.length) return -1;
  if (bytes[at + 1] !== LF) throw new FramingError("line-end");
  return at + 2;
}

function brokenName(bytes: Uint8Array, at: number, nameStart: number): FramingError {
  const byte = bytes[at];
  if (byte === LF || byte === CR) return new FramingError(byte === LF && at === nameStart ? "line-end" : "field-name");
  const isFolded = at === nameStart && (byte === SPACE || byte === TAB);
  return new FramingError(isFolded ? "folded-field" : "field-name");
}
