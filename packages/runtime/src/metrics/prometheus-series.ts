// Metrics as Prometheus knows them: numbers with a name and labels. A histogram is several: a sum, a count, and a count below each bound.
import type { HistogramSeries, Labels } from "./metric-family.ts";
import { isHistogram, type MetricReading } from "./metric-reading.ts";

export interface PrometheusSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

export function prometheusSeries(reading: MetricReading): PrometheusSeries[] {
  const { name } = reading.about;
  if (isHistogram(reading)) return reading.series.flatMap((series) => histogramSeries(name, reading.bounds, series));
  return reading.series.map(({ labels, value }) => ({ name, labels, value }));
}

function histogramSeries(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum, count }: HistogramSeries,
): PrometheusSeries[] {
  let below = 0;
  const buckets = bounds.map((bound, i) => {
    below += counts[i] ?? 0;
    return { name: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: below };
  });
  return [
    ...buckets,
    { name: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: count },
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: count },
  ];
}
