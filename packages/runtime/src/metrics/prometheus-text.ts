// Metrics in the text format that Prometheus scrapes (version 0.0.4): names and labels as they are declared.
import { HistogramFamily, type HistogramSeries, type Labels } from "./metric-family.ts";
import type { MetricFamily } from "./metric-registry.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Metrics that were declared but never used have a head and no series. */
export function prometheusText(families: readonly MetricFamily[]): string {
  return families.map((family) => `${headOf(family)}${linesOf(family).join("")}`).join("");
}

function headOf({ about: { name, kind, description } }: MetricFamily): string {
  const help = description === "" ? "" : `# HELP ${name} ${description.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n`;
  return `${help}# TYPE ${name} ${kind}\n`;
}

function linesOf(family: MetricFamily): string[] {
  const { name } = family.about;
  if (family instanceof HistogramFamily)
    return family.all.flatMap((series) => histogramLines(name, family.bounds, series));
  return family.all.map(({ labels, value }) => line(name, labels, value));
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
