// The body of an OTLP/HTTP JSON export of metrics -> what the store keeps, by service. Kinds of points that nobody here shows (summaries,
// exponential histograms) are counted as refused.
import type { MetricPoint, StoredMetric } from "../metrics/metric-store.ts";

export interface DecodedMetrics {
  readonly byService: ReadonlyMap<string, readonly StoredMetric[]>;
  /** Data points that were not taken. */
  readonly rejected: number;
}

interface Attribute {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>>;
}

interface NumberPoint {
  readonly attributes?: readonly Attribute[];
  readonly asDouble?: number | string;
  readonly asInt?: number | string;
}

interface HistogramPoint {
  readonly attributes?: readonly Attribute[];
  readonly count?: number | string;
  readonly sum?: number;
  readonly bucketCounts?: readonly (number | string)[];
  readonly explicitBounds?: readonly number[];
}

interface Metric {
  readonly name?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly sum?: { readonly isMonotonic?: boolean; readonly dataPoints?: readonly NumberPoint[] };
  readonly gauge?: { readonly dataPoints?: readonly NumberPoint[] };
  readonly histogram?: { readonly dataPoints?: readonly HistogramPoint[] };
}

/** Throws when it is no such export at all. */
export function decodeMetrics(body: unknown): DecodedMetrics {
  const { resourceMetrics } = body as { resourceMetrics?: unknown };
  if (!Array.isArray(resourceMetrics)) throw new Error("resourceMetrics must be a list");
  const byService = new Map<string, StoredMetric[]>();
  let rejected = 0;
  for (const resource of resourceMetrics as {
    resource?: { attributes?: readonly Attribute[] };
    scopeMetrics?: readonly { metrics?: readonly Metric[] }[];
  }[]) {
    const service = attributesOf(resource.resource?.attributes)["service.name"] ?? "unknown";
    const metrics = byService.get(service) ?? [];
    byService.set(service, metrics);
    for (const metric of (resource.scopeMetrics ?? []).flatMap((scope) => scope.metrics ?? [])) {
      const decoded = decodeMetric(metric);
      if (decoded === null) rejected++;
      else metrics.push(decoded);
    }
  }
  return { byService, rejected };
}

function decodeMetric(metric: Metric): StoredMetric | null {
  const { name, description = "", unit = "", sum, gauge, histogram } = metric;
  if (typeof name !== "string" || name === "") return null;
  const about = { name, description, unit };
  if (sum !== undefined) {
    const kind = sum.isMonotonic === true ? "counter" : "gauge";
    return { ...about, kind, points: (sum.dataPoints ?? []).map(numberPoint) };
  }
  if (gauge !== undefined) return { ...about, kind: "gauge", points: (gauge.dataPoints ?? []).map(numberPoint) };
  if (histogram === undefined) return null;
  return { ...about, kind: "histogram", points: (histogram.dataPoints ?? []).map(histogramPoint) };
}

function numberPoint({ attributes, asDouble, asInt }: NumberPoint): MetricPoint {
  return { attributes: attributesOf(attributes), value: Number(asDouble ?? asInt ?? 0) };
}

function histogramPoint({ attributes, count, sum, bucketCounts, explicitBounds }: HistogramPoint): MetricPoint {
  return {
    attributes: attributesOf(attributes),
    count: Number(count ?? 0),
    sum: sum ?? 0,
    bounds: explicitBounds ?? [],
    counts: (bucketCounts ?? []).map(Number),
  };
}

function attributesOf(attributes: readonly Attribute[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, String(Object.values(value ?? {})[0] ?? "")]),
  );
}
