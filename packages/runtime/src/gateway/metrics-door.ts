// `/__tenon/metrics` of an internal door: the metrics of the process for whoever scrapes them.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { readMetrics } from "../metrics/metric-registry.ts";
import { PROMETHEUS_TYPE, prometheusText } from "../metrics/prometheus-text.ts";
import { isReading } from "./health.ts";

const METRICS_PATH = "/__tenon/metrics";

export function isMetricsPath(request: IncomingRequest): boolean {
  return request.path === METRICS_PATH && isReading(request);
}

export function respondMetrics(): OutgoingResponse {
  return { status: 200, headers: { "content-type": PROMETHEUS_TYPE }, body: prometheusText(readMetrics()) };
}
