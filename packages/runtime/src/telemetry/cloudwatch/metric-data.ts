// Metrics as CloudWatch takes them (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html): how much counters have
// grown, where gauges stand, and what histograms were made of. CloudWatch adds up what several processes write, so no dimension tells them apart.
import type { Labels } from "../../metrics/metric-family.ts";
import { type Growth, isHistogramGrowth } from "../push/growth-ledger.ts";
import { likelyValues } from "./likely-values.ts";

/** CloudWatch's names for units of UCUM. */
const UNITS: Readonly<Record<string, string>> = {
  s: "Seconds",
  ms: "Milliseconds",
  us: "Microseconds",
  By: "Bytes",
  kBy: "Kilobytes",
  MBy: "Megabytes",
  "%": "Percent",
};
const MOST_DIMENSIONS = 30;
const MOST_VALUES = 150;
const LONGEST_TEXT = 1_024;

export function metricData(growth: Growth, timestampMs: number): object[] {
  const { about, labels } = growth;
  const common = {
    MetricName: about.name,
    Dimensions: dimensions(labels),
    Timestamp: Math.floor(timestampMs / 1000),
    Unit: UNITS[about.unit ?? ""] ?? (about.kind === "counter" ? "Count" : "None"),
  };
  if (!isHistogramGrowth(growth)) return [{ ...common, Value: growth.value }];
  const values = likelyValues(growth);
  const pages = Array.from({ length: Math.ceil(values.length / MOST_VALUES) }, (_, page) =>
    values.slice(page * MOST_VALUES, (page + 1) * MOST_VALUES),
  );
  return pages.map((page) => ({
    ...common,
    Values: page.map(({ value }) => value),
    Counts: page.map(({ count }) => count),
  }));
}

function dimensions(labels: Labels): object[] {
  const texts = Object.entries(labels).map(([Name, text]) => ({ Name, Value: printable(text) }));
  return texts.filter(({ Value }) => Value !== "").slice(0, MOST_DIMENSIONS);
}

/** One value with other characters would have the whole request refused; an empty one, too. */
function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, LONGEST_TEXT)
    .trim();
}
