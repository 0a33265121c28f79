// `metrics` of infra.json: a receiver of Prometheus' remote write that metrics are pushed to. Of the others that Encore.ts pushes to, we say what
// does instead.
import { type InfraValues, isObject } from "./infra-values.ts";

export interface MetricsPush {
  readonly url: string;
  readonly intervalMs: number;
}

const DEFAULT_INTERVAL_SECONDS = 60;
const collect = "set OTEL_EXPORTER_OTLP_ENDPOINT to an OpenTelemetry collector";

const instead: Readonly<Record<string, string>> = {
  datadog: `Tenon does not push to Datadog's API; ${collect} or to a Datadog agent, which takes OTLP`,
  gcp_cloud_monitoring: `Tenon does not push to Cloud Monitoring; ${collect} with its googlecloud exporter`,
  aws_cloudwatch: `Tenon does not push to CloudWatch; ${collect} with its awsemf exporter`,
};

export function readMetrics(value: unknown, values: InfraValues): { readonly metricsPush?: MetricsPush } {
  if (value === undefined) return {};
  const type = isObject(value) ? value["type"] : undefined;
  if (type !== "prometheus") {
    values.problems.push(refusal(type));
    return {};
  }
  const metrics = values.object(value, "metrics");
  values.only(metrics, ["type", "remote_write_url", "collection_interval"], "metrics");
  const url = values.text(metrics["remote_write_url"], "metrics.remote_write_url");
  const isUrl = /^https?:\/\//.test(url) && URL.canParse(url);
  // Never the URL itself: it may hold a password.
  if (values.isKnown(url) && !isUrl)
    values.problems.push("metrics.remote_write_url must be an http:// or https:// URL");
  const seconds = values.count(metrics["collection_interval"], 1, "metrics.collection_interval");
  return { metricsPush: { url, intervalMs: (seconds ?? DEFAULT_INTERVAL_SECONDS) * 1000 } };
}

function refusal(type: unknown): string {
  const reason = typeof type === "string" && Object.hasOwn(instead, type) ? instead[type] : undefined;
  if (reason !== undefined) return `metrics.type "${type}" is not supported: ${reason}; then remove "metrics"`;
  return `metrics.type must be "prometheus"; for anything else ${collect}`;
}
