// For receivers that add up what they get: how much counters and histograms have grown since what is known to have arrived. Nothing is forgotten
// before it has arrived, so a push that fails is made up for by the next.
import type { HistogramSeries, Labels, MetricDescription } from "../../metrics/metric-family.ts";
import { isHistogram, type MetricReading } from "../../metrics/metric-reading.ts";

export interface NumberGrowth {
  readonly about: MetricDescription;
  readonly labels: Labels;
  /** Of a counter how much it grew, of a gauge where it stands. */
  readonly value: number;
  readonly total: number;
}

export interface HistogramGrowth {
  readonly about: MetricDescription;
  readonly labels: Labels;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
  readonly total: HistogramSeries;
}

export type Growth = NumberGrowth | HistogramGrowth;

export function isHistogramGrowth(growth: Growth): growth is HistogramGrowth {
  return "bounds" in growth;
}

export class GrowthLedger {
  readonly #arrived = new Map<string, number | HistogramSeries>();

  /** What did not grow is left out; gauges are always in it. */
  growthOf(readings: readonly MetricReading[]): Growth[] {
    return readings.flatMap((reading): Growth[] => {
      const { about } = reading;
      if (isHistogram(reading)) {
        return reading.series
          .map((series) => this.#histogram(about, reading.bounds, series))
          .filter(({ count }) => count > 0);
      }
      const numbers = reading.series.map(({ labels, value }) => this.#number(about, labels, value));
      return about.kind === "gauge" ? numbers : numbers.filter(({ value }) => value > 0);
    });
  }

  /** Of `growthOf`. */
  settle(growths: readonly Growth[]): void {
    for (const { about, labels, total } of growths) {
      if (about.kind !== "gauge") this.#arrived.set(keyOf(about, labels), total);
    }
  }

  #number(about: MetricDescription, labels: Labels, total: number): NumberGrowth {
    const before = about.kind === "gauge" ? undefined : this.#arrived.get(keyOf(about, labels));
    return { about, labels, value: typeof before === "number" ? total - before : total, total };
  }

  #histogram(about: MetricDescription, bounds: readonly number[], total: HistogramSeries): HistogramGrowth {
    const { labels, counts, sum, count } = total;
    const before = this.#arrived.get(keyOf(about, labels));
    if (typeof before !== "object") return { about, labels, bounds, counts, sum, count, total };
    return {
      about,
      labels,
      bounds,
      counts: counts.map((number, i) => number - (before.counts[i] ?? 0)),
      sum: sum - before.sum,
      count: count - before.count,
      total,
    };
  }
}

function keyOf({ name }: MetricDescription, labels: Labels): string {
  return JSON.stringify([name, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
