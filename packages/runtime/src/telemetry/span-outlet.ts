// What the pipeline needs of the place where finished spans wait until they are delivered.
import type { RecordedSpan } from "./recorded-span.ts";

export interface SpanOutlet {
  /** How many wait. */
  readonly waiting: number;
  /** It holds as much memory as it may. */
  readonly isFull: boolean;
  add(span: RecordedSpan): void;
  /** Everything that waits now, in the order in which it is to be delivered. */
  take(): SpanBatch[];
}

export interface SpanBatch {
  /** How many. */
  readonly spans: number;
  /** Gives how many arrived. Settles within a bounded time, soon after `signal` aborts. Once. */
  deliver(signal: AbortSignal): number | Promise<number>;
  /** It will not be delivered. */
  discard(): void;
}
