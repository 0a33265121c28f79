// Finished spans as objects, for a sink in the process: the dashboard's store, tests.
import type { Span } from "@tenon/model";
import type { RecordedSpan } from "./recorded-span.ts";
import type { SpanBatch, SpanOutlet } from "./span-outlet.ts";

/** Takes a batch and returns how many of its spans arrived. Must settle within a bounded time, soon after `signal` aborts. */
export type SpanSink = (spans: readonly Span[], signal: AbortSignal) => number | Promise<number>;

const BATCH_SPANS = 512;

export class ObjectOutlet implements SpanOutlet {
  readonly isFull = false;
  private readonly sink: SpanSink;
  private spans: Span[] = [];

  constructor(sink: SpanSink) {
    this.sink = sink;
  }

  get waiting(): number {
    return this.spans.length;
  }

  add(span: RecordedSpan): void {
    this.spans.push(span);
  }

  take(): SpanBatch[] {
    const { sink, spans } = this;
    this.spans = [];
    const batches: SpanBatch[] = [];
    for (let from = 0; from < spans.length; from += BATCH_SPANS) {
      const batch = spans.slice(from, from + BATCH_SPANS);
      batches.push({ spans: batch.length, deliver: (signal) => sink(batch, signal), discard() {} });
    }
    return batches;
  }
}
