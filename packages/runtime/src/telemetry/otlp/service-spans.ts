// The finished spans of one service that wait to be sent, as OTLP JSON in chunks of memory.
import type { ChunkStore } from "./chunk-store.ts";
import { resourceStart } from "./encode-spans.ts";
import type { SpanChunk } from "./span-chunk.ts";

export class ServiceSpans {
  /** What stands before its spans in an export request. */
  readonly start: Uint8Array;
  private readonly store: ChunkStore;
  private chunks: SpanChunk[] = [];
  private open: SpanChunk | null = null;

  constructor(service: string, store: ChunkStore) {
    this.start = Buffer.from(resourceStart(service), "latin1");
    this.store = store;
  }

  /** The chunk to write a span into that needs at most so much. */
  // hot: guarded by bench/spans
  roomFor(sizeBytes: number): SpanChunk {
    const { open } = this;
    return open !== null && open.length + sizeBytes <= open.bytes.length ? open : this.openNext(sizeBytes);
  }

  /** All that were written since the last time. */
  take(): SpanChunk[] {
    const taken = this.chunks;
    this.chunks = [];
    this.open = null;
    return taken;
  }

  private openNext(sizeBytes: number): SpanChunk {
    const chunk = this.store.take(sizeBytes);
    this.chunks.push(chunk);
    this.open = chunk;
    return chunk;
  }
}
