// `/__tenon/metrics` of an internal door: the metrics of the process, and of its sibling workers, for whoever scrapes them.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { type MetricReading, metricReadings } from "../metrics/metric-reading.ts";
import { readMetrics } from "../metrics/metric-registry.ts";
import { PROMETHEUS_TYPE, prometheusText } from "../metrics/prometheus-text.ts";
import { isReading } from "./health.ts";

const METRICS_PATH = "/__tenon/metrics";

export function isMetricsPath(request: IncomingRequest): boolean {
  return request.path === METRICS_PATH && isReading(request);
}

/** `readAll`: where there are several worker processes; without it, the metrics of this process. */
export async function respondMetrics(readAll?: () => Promise<readonly MetricReading[]>): Promise<OutgoingResponse> {
  const readings = readAll === undefined ? metricReadings(readMetrics()) : await readAll();
  return { status: 200, headers: { "content-type": PROMETHEUS_TYPE }, body: prometheusText(readings) };
}
