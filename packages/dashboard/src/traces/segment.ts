// The file format of the trace store. A segment is an append-only NDJSON file of blocks; a block is a header line, which holds the
// digest of some spans of one trace and the size of what follows, and then a line per span. A restart reads headers and skips the
// rest. A block that was torn by a crash ends the file; what is damaged in the middle is skipped.
//
//   {"trace":"4bf9...","bytes":812,"digest":{...}}
//   {"traceId":"4bf9...","spanId":...}
//   {"traceId":"4bf9...","spanId":...}
import type { Span } from "@tenon/model";
import { type Digest, digestSpans } from "./digest.ts";
import { formatSpanLine } from "./span-line.ts";

export interface Block {
  readonly traceId: string;
  readonly digest: Digest;
  /** Bytes: where the span lines are, without the header. */
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly trace: string;
  readonly bytes: number;
  readonly digest: Digest;
}

const HEADER_START = Buffer.from('{"trace":"');
const NEWLINE = 10;

/** `spans` are of one trace. The block's offset counts from the start of `bytes`. */
export function formatBlock(traceId: string, spans: readonly Span[]): { bytes: Buffer; block: Block } {
  const lines = Buffer.from(spans.map(formatSpanLine).join(""));
  const digest = digestSpans(spans);
  const header: Header = { trace: traceId, bytes: lines.length, digest };
  const head = Buffer.from(`${JSON.stringify(header)}\n`);
  return {
    bytes: Buffer.concat([head, lines]),
    block: { traceId, digest, offset: head.length, length: lines.length },
  };
}

/** All whole blocks of a segment, and where the last of them ends: behind that, nothing is worth keeping. */
export function readBlocks(segment: Buffer): { blocks: Block[]; end: number } {
  const blocks: Block[] = [];
  let position = 0;
  let end = 0;
  while (position < segment.length) {
    const newline = segment.indexOf(NEWLINE, position);
    if (newline === -1) break;
    const header = parseHeader(segment.subarray(position, newline));
    const offset = newline + 1;
    const next = header === null ? -1 : offset + header.bytes;
    if (header === null || next > segment.length || segment[next - 1] !== NEWLINE) {
      position = offset;
      continue;
    }
    blocks.push({ traceId: header.trace, digest: header.digest, offset, length: header.bytes });
    position = next;
    end = next;
  }
  return { blocks, end };
}

function parseHeader(line: Buffer): Header | null {
  if (!line.subarray(0, HEADER_START.length).equals(HEADER_START)) return null;
  try {
    const header = JSON.parse(line.toString("utf8")) as Header;
    return Number.isSafeInteger(header.bytes) && header.bytes > 0 && header.digest ? header : null;
  } catch {
    return null;
  }
}
