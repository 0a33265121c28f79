// Where metrics are pushed to, and how often. Plain JSON: keys of clouds are those of the process itself.
export type MetricsPushConfig = MetricsReceiver & { readonly intervalMs: number };

export type MetricsReceiver = PrometheusReceiver | DatadogReceiver | CloudMonitoringReceiver | CloudWatchReceiver;

/** By Prometheus' remote write. */
export interface PrometheusReceiver {
  readonly kind: "prometheus";
  /** Name and password in it are sent as `authorization`. */
  readonly url: string;
}

export interface DatadogReceiver {
  readonly kind: "datadog";
  /** "https://api.datadoghq.eu". */
  readonly endpoint: string;
  readonly apiKey: string;
}

export interface CloudMonitoringReceiver {
  readonly kind: "gcp_cloud_monitoring";
  /** "https://monitoring.googleapis.com". */
  readonly endpoint: string;
  readonly projectId: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  /** How a metric is called there; those that are not in it are not sent. Absent: all, under their own names. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface CloudWatchReceiver {
  readonly kind: "aws_cloudwatch";
  /** "https://monitoring.eu-west-1.amazonaws.com". */
  readonly endpoint: string;
  readonly region: string;
  readonly namespace: string;
}
