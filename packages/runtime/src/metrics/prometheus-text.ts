// Metrics in the text format that Prometheus scrapes (version 0.0.4): names and labels as they are declared.
import type { HistogramSeries, Labels } from "./metric-family.ts";
import { isHistogram, type MetricReading } from "./metric-reading.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Metrics that were declared but never used have a head and no series. */
export function prometheusText(readings: readonly MetricReading[]): string {
  return readings.map((reading) => `${headOf(reading)}${linesOf(reading).join("")}`).join("");
}

function headOf({ about: { name, kind, description } }: MetricReading): string {
  const help = description === "" ? "" : `# HELP ${name} ${description.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n`;
  return `${help}# TYPE ${name} ${kind}\n`;
}

function linesOf(reading: MetricReading): string[] {
  const { name } = reading.about;
  if (isHistogram(reading)) return reading.series.flatMap((series) => histogramLines(name, reading.bounds, series));
  return reading.series.map(({ labels, value }) => line(name, labels, value));
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum, count }: HistogramSeries,
): string[] {
  let below = 0;
  const buckets = bounds.map((bound, i) => {
    below += counts[i] ?? 0;
    return line(`${name}_bucket`, { ...labels, le: String(bound) }, below);
  });
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
