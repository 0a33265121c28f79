// What the pusher of metrics needs of a receiver; each kind has a writer of its own.
import type { MetricReading } from "../../metrics/metric-reading.ts";

export interface MetricsWriter {
  /** Who is written to, as logs may show it. */
  readonly receiver: string;
  /** What whoever reads of a failure should look at. */
  readonly hint: string;
  /** Rejects when something did not arrive: the writer makes up for it in the next call. Never called while a call is under way. */
  write(readings: readonly MetricReading[], nowMs: number, signal: AbortSignal): Promise<void>;
}
