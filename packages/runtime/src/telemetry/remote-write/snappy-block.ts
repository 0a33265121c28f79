// The block format of Snappy (https://github.com/google/snappy/blob/main/format_description.txt), which remote write asks for: written as
// literals alone, that is without compressing. What is sent every so many seconds is small, and a compressor would be the larger part of it.
import { varint } from "./encode-write-request.ts";

const LONGEST_LITERAL = 65_536;
/** Of a literal whose length follows in two bytes. */
const TWO_BYTE_LITERAL = 61 << 2;

export function snappyBlock(content: Buffer): Buffer {
  const parts: Buffer[] = [varint(content.length)];
  for (let at = 0; at < content.length; at += LONGEST_LITERAL) {
    const literal = content.subarray(at, at + LONGEST_LITERAL);
    const head = Buffer.from([TWO_BYTE_LITERAL, 0, 0]);
    head.writeUInt16LE(literal.length - 1, 1);
    parts.push(head, literal);
  }
  return Buffer.concat(parts);
}
