// `metrics` of infra.json: where Encore.ts pushes metrics to. We do not push to any of these, and say what does instead.
import { type InfraValues, isObject } from "./infra-values.ts";

const scrape = "let it scrape /__tenon/metrics of the internal port";
const collect = "set OTEL_EXPORTER_OTLP_ENDPOINT to an OpenTelemetry collector";

const instead: Readonly<Record<string, string>> = {
  prometheus: `Tenon does not push to a remote-write receiver; ${scrape}, or ${collect} that writes there`,
  datadog: `Tenon does not push to Datadog's API; ${collect} or to a Datadog agent, which takes OTLP`,
  gcp_cloud_monitoring: `Tenon does not push to Cloud Monitoring; ${collect} with its googlecloud exporter`,
  aws_cloudwatch: `Tenon does not push to CloudWatch; ${collect} with its awsemf exporter`,
};

export function refuseMetrics(metrics: unknown, values: InfraValues): void {
  if (metrics === undefined) return;
  const type = isObject(metrics) ? metrics["type"] : undefined;
  const reason = typeof type === "string" && Object.hasOwn(instead, type) ? instead[type] : undefined;
  values.problems.push(
    reason === undefined
      ? `metrics is not supported: Tenon does not push metrics; ${scrape}, or ${collect}`
      : `metrics.type "${type}" is not supported: ${reason}; then remove "metrics"`,
  );
}
