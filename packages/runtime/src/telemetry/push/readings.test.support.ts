// Metrics as they stand at one moment, for tests of what writes them.
import type { MetricReading } from "../../metrics/metric-reading.ts";

export interface Standing {
  readonly placed: number;
  readonly waiting?: number;
  /** How many values fell into each bucket of the bounds 0.1 and 1, and their sum. */
  readonly seconds?: { readonly counts: readonly [number, number, number]; readonly sum: number };
}

/** A counter, a gauge and a histogram of the service "orders". */
export function standing({ placed, waiting = 2, seconds }: Standing): MetricReading[] {
  const labels = { service: "orders" };
  const about = { description: "" };
  const count = seconds?.counts.reduce((all, one) => all + one, 0) ?? 0;
  const series = seconds === undefined ? [] : [{ labels, counts: [...seconds.counts], sum: seconds.sum, count }];
  return [
    { about: { ...about, name: "placed", kind: "counter" }, series: [{ labels, value: placed }] },
    { about: { ...about, name: "waiting", kind: "gauge" }, series: [{ labels, value: waiting }] },
    { about: { ...about, name: "took", kind: "histogram", unit: "s" }, bounds: [0.1, 1], series },
  ];
}

/** As many counters as told, each at 1. */
export function manyCounters(count: number): MetricReading[] {
  const series = Array.from({ length: count }, (_, i) => ({ labels: { number: String(i) }, value: 1 }));
  return [{ about: { name: "many", kind: "counter", description: "" }, series }];
}
