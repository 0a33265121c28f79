// Metrics as Datadog's API takes them (https://docs.datadoghq.com/api/latest/metrics/#submit-metrics, v2): counters as counts of the time since the
// last push; a histogram as three of them, as Datadog itself maps those of OpenTelemetry: `.count`, `.sum`, and `.bucket` with the tags
// `lower_bound` and `upper_bound` (https://docs.datadoghq.com/metrics/open_telemetry/otlp_metric_types).
import type { Labels } from "../../metrics/metric-family.ts";
import { type Growth, type HistogramGrowth, isHistogramGrowth } from "../push/growth-ledger.ts";

const COUNT = 1;
const GAUGE = 3;
/** Names of Datadog's for units of UCUM (https://docs.datadoghq.com/metrics/units). */
const UNITS: Readonly<Record<string, string>> = { s: "second", ms: "millisecond", By: "byte", "%": "percent" };

export interface PointTime {
  /** Epoch seconds. */
  readonly timestamp: number;
  /** Since the last push. */
  readonly intervalSeconds: number;
}

export interface DatadogOrigin {
  readonly host: string;
  /** Of all series; a label of the same name goes before. */
  readonly tags: Labels;
}

interface Series {
  readonly name: string;
  readonly type: number;
  readonly value: number;
  readonly labels: Labels;
  readonly unit: string | undefined;
}

/** As JSON, to be put between brackets. */
export function datadogSeries(growth: Growth, time: PointTime, origin: DatadogOrigin): string[] {
  const all = isHistogramGrowth(growth) ? histogramSeries(growth) : [numberSeries(growth)];
  return all.map(({ name, type, value, labels, unit }) =>
    JSON.stringify({
      metric: name,
      type,
      points: [{ timestamp: time.timestamp, value }],
      ...(type === COUNT ? { interval: time.intervalSeconds } : {}),
      tags: Object.entries({ ...origin.tags, ...labels }).map(([label, text]) => `${label}:${text}`),
      resources: [{ type: "host", name: origin.host }],
      ...(unit === undefined ? {} : { unit }),
    }),
  );
}

function numberSeries({ about, labels, value }: Exclude<Growth, HistogramGrowth>): Series {
  const type = about.kind === "counter" ? COUNT : GAUGE;
  return { name: about.name, type, value, labels, unit: UNITS[about.unit ?? ""] };
}

function histogramSeries({ about, labels, bounds, counts, sum, count }: HistogramGrowth): Series[] {
  const buckets = counts.flatMap((value, i) => {
    if (value === 0) return [];
    const range = { lower_bound: String(bounds[i - 1] ?? "-inf"), upper_bound: String(bounds[i] ?? "inf") };
    return [{ name: `${about.name}.bucket`, type: COUNT, value, labels: { ...labels, ...range }, unit: undefined }];
  });
  return [
    { name: `${about.name}.count`, type: COUNT, value: count, labels, unit: undefined },
    { name: `${about.name}.sum`, type: COUNT, value: sum, labels, unit: UNITS[about.unit ?? ""] },
    ...buckets,
  ];
}
