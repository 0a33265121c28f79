// Metrics -> the body of an OTLP/HTTP JSON export request (opentelemetry-proto, metrics/v1). Sums and histograms are cumulative: from
// the start of the process to now.
import { HistogramFamily, type HistogramSeries, type Labels, type NumberSeries } from "../../metrics/metric-family.ts";
import type { MetricFamily } from "../../metrics/metric-registry.ts";
import { instanceId } from "../instance-id.ts";
import { nanoseconds } from "./encode-spans.ts";

/** `AggregationTemporality` of the protocol. */
const CUMULATIVE = 2;

export interface MetricsResource {
  /** Of series that belong to no service. */
  readonly app: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly now: number;
}

/** Grouped by service, as a resource is what carries `service.name`. */
export function encodeMetrics(families: readonly MetricFamily[], resource: MetricsResource): string {
  const services = new Set(
    families.flatMap((family) => family.all.map(({ labels }) => labels["service"] ?? resource.app)),
  );
  const resourceMetrics = [...services].sort().map((service) => ({
    resource: {
      attributes: encodeLabels({
        "service.name": service,
        "service.instance.id": instanceId(),
        "telemetry.sdk.name": "tenon",
        "telemetry.sdk.language": "nodejs",
      }),
    },
    scopeMetrics: [
      {
        scope: { name: "tenon" },
        metrics: families.flatMap((family) => encodeFamily(family, resource, service)),
      },
    ],
  }));
  return JSON.stringify({ resourceMetrics });
}

function encodeFamily(family: MetricFamily, resource: MetricsResource, service: string): object[] {
  const { name, kind, description, unit } = family.about;
  const about = { name, ...(description === "" ? {} : { description }), ...(unit === undefined ? {} : { unit }) };
  const isOwn = ({ labels }: { readonly labels: Labels }) => (labels["service"] ?? resource.app) === service;
  const times = {
    startTimeUnixNano: nanoseconds(resource.startedAt, 0),
    timeUnixNano: nanoseconds(resource.now, 0),
  };
  if (family instanceof HistogramFamily) {
    const dataPoints = family.all.filter(isOwn).map((series) => histogramPoint(series, family.bounds, times));
    return dataPoints.length === 0 ? [] : [{ ...about, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } }];
  }
  const dataPoints = family.all.filter(isOwn).map((series) => numberPoint(series, times));
  if (dataPoints.length === 0) return [];
  const sum = { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true };
  return [kind === "counter" ? { ...about, sum } : { ...about, gauge: { dataPoints } }];
}

interface Times {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

function numberPoint({ labels, value }: NumberSeries, times: Times): object {
  return { ...times, attributes: encodeLabels(withoutService(labels)), asDouble: value };
}

function histogramPoint(
  { labels, counts, sum, count }: HistogramSeries,
  bounds: readonly number[],
  times: Times,
): object {
  return {
    ...times,
    attributes: encodeLabels(withoutService(labels)),
    count: String(count),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: bounds,
  };
}

/** It is the resource's name. */
function withoutService({ service: _, ...labels }: Labels): Labels {
  return labels;
}

function encodeLabels(labels: Labels): object[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
