// Puts together the metrics of processes that run the same services: counters and histograms are summed, gauges by the rule that each
// declares. What a process that is gone had counted stays in the sums, so that they never go down: whoever scrapes them would take that
// for a restart and count everything again.
import type { HistogramSeries, Labels, MetricDescription, NumberSeries } from "./metric-family.ts";
import { type HistogramReading, isHistogram, type MetricReading, type NumberReading } from "./metric-reading.ts";

/** In order of name. A process that declares a metric otherwise than the first does (another build) is left out of it. */
export function mergeMetrics(processes: readonly (readonly MetricReading[])[]): MetricReading[] {
  const byName = new Map<string, MetricReading[]>();
  for (const reading of processes.flat()) {
    const known = byName.get(reading.about.name);
    if (known === undefined) byName.set(reading.about.name, [reading]);
    else if (isAlike(known[0]!, reading)) known.push(reading);
  }
  return [...byName.values()].map(mergeOne).sort((a, b) => (a.about.name < b.about.name ? -1 : 1));
}

/** What a process leaves behind when it goes: its gauges say nothing any more. */
export function lastingMetrics(readings: readonly MetricReading[]): MetricReading[] {
  return readings.filter(({ about }) => about.kind !== "gauge");
}

function isAlike(left: MetricReading, right: MetricReading): boolean {
  if (left.about.kind !== right.about.kind || isHistogram(left) !== isHistogram(right)) return false;
  if (!isHistogram(left) || !isHistogram(right)) return true;
  return left.bounds.length === right.bounds.length && left.bounds.every((bound, i) => bound === right.bounds[i]);
}

function mergeOne(readings: readonly MetricReading[]): MetricReading {
  const first = readings[0]!;
  if (readings.length === 1) return first;
  if (isHistogram(first)) {
    const series = readings.flatMap((reading) => (reading as HistogramReading).series);
    return { about: first.about, bounds: first.bounds, series: mergeSeries(series, addHistogram) };
  }
  const series = readings.flatMap((reading) => (reading as NumberReading).series);
  return { about: first.about, series: mergeSeries(series, combineNumbers(first.about)) };
}

function mergeSeries<Series extends { readonly labels: Labels }>(
  all: readonly Series[],
  combine: (left: Series, right: Series) => Series,
): Series[] {
  const byLabels = new Map<string, Series>();
  for (const series of all) {
    const key = JSON.stringify(Object.entries(series.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = byLabels.get(key);
    byLabels.set(key, known === undefined ? series : combine(known, series));
  }
  return [...byLabels.values()];
}

function combineNumbers({
  kind,
  acrossWorkers,
}: MetricDescription): (a: NumberSeries, b: NumberSeries) => NumberSeries {
  const rule = kind === "gauge" ? acrossWorkers : "sum";
  const combine = rule === "max" ? Math.max : rule === "min" ? Math.min : (left: number, right: number) => left + right;
  return ({ labels, value }, other) => ({ labels, value: combine(value, other.value) });
}

function addHistogram({ labels, counts, sum, count }: HistogramSeries, other: HistogramSeries): HistogramSeries {
  return {
    labels,
    counts: counts.map((number, i) => number + (other.counts[i] ?? 0)),
    sum: sum + other.sum,
    count: count + other.count,
  };
}
