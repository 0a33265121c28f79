// `metrics` of infra.json: the one receiver that metrics are pushed to.
import type { MetricsPushConfig, MetricsReceiver } from "@tenon/runtime";
import { awsEndpoint, awsRegion } from "@tenon/runtime/cloud";
import type { InfraValues, Settings } from "./infra-values.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const AT = "metrics";
const DEFAULT_INTERVAL_SECONDS = 60;
/** What Cloud Monitoring takes of one series. */
const CLOUD_MONITORING_SECONDS = 5;
const KINDS = ["prometheus", "datadog", "gcp_cloud_monitoring", "aws_cloudwatch"] as const;

export function readMetrics(
  value: unknown,
  values: InfraValues,
  environment: Environment,
): { readonly metricsPush?: MetricsPushConfig } {
  if (value === undefined) return {};
  const metrics = values.object(value, AT);
  const kind = values.word(metrics["type"], KINDS, `${AT}.type`);
  if (kind === undefined) return {};
  const receiver = readers[kind](metrics, values, environment);
  const least = kind === "gcp_cloud_monitoring" ? CLOUD_MONITORING_SECONDS : 1;
  const seconds = values.count(metrics["collection_interval"], least, `${AT}.collection_interval`);
  return { metricsPush: { ...receiver, intervalMs: (seconds ?? DEFAULT_INTERVAL_SECONDS) * 1000 } };
}

const readers: Readonly<
  Record<(typeof KINDS)[number], (metrics: Settings, values: InfraValues, environment: Environment) => MetricsReceiver>
> = {
  prometheus: readPrometheus,
  datadog: readDatadog,
  gcp_cloud_monitoring: readCloudMonitoring,
  aws_cloudwatch: readCloudWatch,
};

function readPrometheus(metrics: Settings, values: InfraValues): MetricsReceiver {
  values.only(metrics, ["type", "remote_write_url", "collection_interval"], AT);
  return { kind: "prometheus", url: readUrl(metrics["remote_write_url"], "remote_write_url", values) };
}

function readDatadog(metrics: Settings, values: InfraValues): MetricsReceiver {
  values.only(metrics, ["type", "site", "api_key", "endpoint", "collection_interval"], AT);
  const site = values.text(metrics["site"], `${AT}.site`);
  if (values.isKnown(site) && !/^[a-z\d-]+(\.[a-z\d-]+)+$/.test(site))
    values.problems.push(`${AT}.site must be the name of a Datadog site, such as "datadoghq.eu", got "${site}"`);
  const apiKey = values.text(metrics["api_key"], `${AT}.api_key`);
  return { kind: "datadog", endpoint: readEndpoint(metrics, `https://api.${site}`, values), apiKey };
}

function readCloudMonitoring(metrics: Settings, values: InfraValues): MetricsReceiver {
  const own = ["project_id", "monitored_resource_type", "monitored_resource_labels", "metric_names"];
  values.only(metrics, ["type", ...own, "endpoint", "collection_interval"], AT);
  const names = metrics["metric_names"];
  return {
    kind: "gcp_cloud_monitoring",
    endpoint: readEndpoint(metrics, "https://monitoring.googleapis.com", values),
    projectId: values.text(metrics["project_id"], `${AT}.project_id`),
    resource: {
      type: values.text(metrics["monitored_resource_type"], `${AT}.monitored_resource_type`),
      labels: readTexts(metrics["monitored_resource_labels"] ?? {}, "monitored_resource_labels", values),
    },
    ...(names === undefined ? {} : { names: readTexts(names, "metric_names", values) }),
  };
}

function readCloudWatch(metrics: Settings, values: InfraValues, environment: Environment): MetricsReceiver {
  values.only(metrics, ["type", "namespace", "region", "endpoint", "collection_interval"], AT);
  const namespace = values.text(metrics["namespace"], `${AT}.namespace`);
  const isNamespace = /^[\w.#/-][\w.#/:-]{0,254}$/.test(namespace) && !namespace.startsWith("AWS/");
  if (values.isKnown(namespace) && !isNamespace)
    values.problems.push(
      `${AT}.namespace must be letters, digits and "._-/#:", not beginning with "AWS/", got "${namespace}"`,
    );
  const region =
    metrics["region"] === undefined ? awsRegion(environment) : values.text(metrics["region"], `${AT}.region`);
  if (region === undefined && !values.isWithoutValues)
    values.problems.push(`${AT} has no region, and neither AWS_REGION nor AWS_DEFAULT_REGION is set`);
  const usual = awsEndpoint("monitoring", region ?? "", environment, "cloudwatch");
  return { kind: "aws_cloudwatch", endpoint: readEndpoint(metrics, usual, values), region: region ?? "", namespace };
}

function readTexts(value: unknown, key: string, values: InfraValues): Record<string, string> {
  const entries = Object.entries(values.object(value, `${AT}.${key}`));
  return Object.fromEntries(entries.map(([name, text]) => [name, values.text(text, `${AT}.${key}.${name}`)]));
}

function readEndpoint(metrics: Settings, usual: string, values: InfraValues): string {
  return metrics["endpoint"] === undefined ? usual : readUrl(metrics["endpoint"], "endpoint", values);
}

/** Never shown: it may hold a password. */
function readUrl(value: unknown, key: string, values: InfraValues): string {
  const url = values.text(value, `${AT}.${key}`);
  const isUrl = /^https?:\/\//.test(url) && URL.canParse(url);
  if (values.isKnown(url) && !isUrl) values.problems.push(`${AT}.${key} must be an http:// or https:// URL`);
  return url;
}
