// Metrics as Cloud Monitoring takes them (https://cloud.google.com/monitoring/api/ref_v3/rest/v3/TimeSeries): counters and histograms cumulative, from
// the start of the process to now, each process with a series of its own.
import type { HistogramSeries, Labels } from "../../metrics/metric-family.ts";
import { isHistogram, type MetricReading } from "../../metrics/metric-reading.ts";
import type { CloudMonitoringReceiver } from "../push/metrics-push-config.ts";

const LONGEST_LABEL = 1_024;

export interface SeriesTimes {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
}

type About = Pick<CloudMonitoringReceiver, "resource" | "names"> & { readonly instance: string };

/** Those that have a name there. */
export function timeSeries(reading: MetricReading, times: SeriesTimes, about: About): object[] {
  const { name, kind, unit } = reading.about;
  const type = typeOf(name, about.names);
  if (type === undefined) return [];
  const endTime = new Date(times.endMs).toISOString();
  const interval = kind === "gauge" ? { endTime } : { startTime: new Date(times.startMs).toISOString(), endTime };
  const one = (labels: Labels, valueType: string, value: object) => ({
    metric: { type, labels: labelsOf({ instance: about.instance, ...labels }) },
    resource: about.resource,
    metricKind: kind === "gauge" ? "GAUGE" : "CUMULATIVE",
    valueType,
    ...(unit === undefined ? {} : { unit }),
    points: [{ interval, value }],
  });
  if (isHistogram(reading)) {
    return reading.series.map((series) => {
      return one(series.labels, "DISTRIBUTION", { distributionValue: distribution(series, reading.bounds) });
    });
  }
  return reading.series.map(({ labels, value }) => one(labels, "DOUBLE", { doubleValue: value }));
}

/** A name with a domain is one already. */
function typeOf(name: string, names: About["names"]): string | undefined {
  const given = names === undefined ? name : Object.hasOwn(names, name) ? names[name] : undefined;
  if (given === undefined) return undefined;
  return given.includes("googleapis.com/") ? given : `custom.googleapis.com/${given}`;
}

/** How far values are spread is not known; the field may be 0 then. */
function distribution({ counts, sum, count }: HistogramSeries, bounds: readonly number[]): object {
  return {
    count: String(count),
    mean: count === 0 ? 0 : sum / count,
    bucketOptions: { explicitBuckets: { bounds } },
    bucketCounts: counts.map(String),
  };
}

function labelsOf(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, text.slice(0, LONGEST_LABEL)]));
}
