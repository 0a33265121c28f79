// Metrics as they stood at one moment: plain data that can cross a process boundary, and be put together with that of other processes.
import { HistogramFamily, type HistogramSeries, type MetricDescription, type NumberSeries } from "./metric-family.ts";
import type { MetricFamily } from "./metric-registry.ts";

export interface NumberReading {
  readonly about: MetricDescription;
  readonly series: readonly NumberSeries[];
}

export interface HistogramReading {
  readonly about: MetricDescription;
  readonly bounds: readonly number[];
  readonly series: readonly HistogramSeries[];
}

export type MetricReading = NumberReading | HistogramReading;

/** Shares nothing that changes with the families. */
export function metricReadings(families: readonly MetricFamily[]): MetricReading[] {
  return families.map((family) => {
    const { about } = family;
    if (family instanceof HistogramFamily) {
      const series = family.all.map((one) => ({ ...one, counts: [...one.counts] }));
      return { about, bounds: family.bounds, series };
    }
    return { about, series: family.all.map((one) => ({ ...one })) };
  });
}

export function isHistogram(reading: MetricReading): reading is HistogramReading {
  return "bounds" in reading;
}
