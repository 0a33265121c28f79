// The writer for a receiver of metrics, loaded when there is one.
import type { MetricsReceiver } from "./metrics-push-config.ts";
import type { MetricsWriter } from "./metrics-writer.ts";

/** `app` names the app where a receiver has a place for it. */
export async function openWriter(receiver: MetricsReceiver, app: string): Promise<MetricsWriter> {
  switch (receiver.kind) {
    case "prometheus": {
      const { PrometheusWriter } = await import("../remote-write/prometheus-writer.ts");
      return new PrometheusWriter(receiver, app);
    }
    case "datadog": {
      const { DatadogWriter } = await import("../datadog/datadog-writer.ts");
      return new DatadogWriter(receiver, app);
    }
    case "gcp_cloud_monitoring": {
      const { CloudMonitoringWriter } = await import("../cloud-monitoring/cloud-monitoring-writer.ts");
      return new CloudMonitoringWriter(receiver, process.env);
    }
    case "aws_cloudwatch": {
      const { CloudWatchWriter } = await import("../cloudwatch/cloudwatch-writer.ts");
      return new CloudWatchWriter(receiver, process.env);
    }
  }
}
