// Memory for spans, used again and again: fresh memory would cost a busy process more than writing into it.
import { SpanChunk } from "./span-chunk.ts";

/** About 250 spans. Pages of it that nothing was written into take no memory of the machine. */
const CHUNK_BYTES = 128 * 1024;
/** Kept for later: what two batches need. */
const MAX_SPARE = 16;

export class ChunkStore {
  private readonly spare: SpanChunk[] = [];
  /** Bytes of all chunks that are in use. */
  usedBytes = 0;

  /** With room for `sizeBytes` at least. */
  take(sizeBytes: number): SpanChunk {
    const chunk =
      (sizeBytes <= CHUNK_BYTES ? this.spare.pop() : undefined) ?? new SpanChunk(Math.max(CHUNK_BYTES, sizeBytes));
    this.usedBytes += chunk.bytes.length;
    return chunk;
  }

  /** Nobody reads it any more. */
  giveBack(chunk: SpanChunk): void {
    this.usedBytes -= chunk.bytes.length;
    if (chunk.bytes.length > CHUNK_BYTES || this.spare.length >= MAX_SPARE) return;
    chunk.length = 0;
    chunk.spans = 0;
    this.spare.push(chunk);
  }

  /** Keeps no more than `chunks` for later. */
  shrinkTo(chunks: number): void {
    if (this.spare.length > chunks) this.spare.length = chunks;
  }
}
