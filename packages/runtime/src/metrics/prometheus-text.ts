// Metrics in the text format that Prometheus scrapes (version 0.0.4): names and labels as they are declared.
import type { MetricReading } from "./metric-reading.ts";
import { type PrometheusSeries, prometheusSeries } from "./prometheus-series.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Metrics that were declared but never used have a head and no series. */
export function prometheusText(readings: readonly MetricReading[]): string {
  return readings.map((reading) => `${headOf(reading)}${prometheusSeries(reading).map(line).join("")}`).join("");
}

function headOf({ about: { name, kind, description } }: MetricReading): string {
  const help = description === "" ? "" : `# HELP ${name} ${description.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n`;
  return `${help}# TYPE ${name} ${kind}\n`;
}

function line({ name, labels, value }: PrometheusSeries): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
