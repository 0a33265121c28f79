// Writes metrics to a receiver of Prometheus' remote write. They are cumulative: what a receiver does not take the next push carries.
import type { MetricReading } from "../../metrics/metric-reading.ts";
import { prometheusSeries } from "../../metrics/prometheus-series.ts";
import { instanceId } from "../instance-id.ts";
import type { PrometheusReceiver } from "../push/metrics-push-config.ts";
import type { MetricsWriter } from "../push/metrics-writer.ts";
import { postMetrics } from "../push/post-metrics.ts";
import { encodeWriteRequest } from "./encode-write-request.ts";
import { snappyBlock } from "./snappy-block.ts";

export class PrometheusWriter implements MetricsWriter {
  readonly receiver: string;
  readonly hint = "check remote_write_url of infra.json";
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  /** What a scrape would add: without them several processes would write the same series. */
  readonly #labels: Readonly<Record<string, string>>;

  constructor({ url: text }: PrometheusReceiver, app: string) {
    const { url, headers } = receiverOf(text);
    this.#url = url;
    this.#headers = headers;
    this.#labels = { job: app, instance: instanceId() };
    this.receiver = url.origin + url.pathname;
  }

  async write(readings: readonly MetricReading[], nowMs: number, signal: AbortSignal): Promise<void> {
    const body = snappyBlock(encodeWriteRequest(readings.flatMap(prometheusSeries), this.#labels, nowMs));
    await postMetrics(this.#url, { headers: this.#headers, body: new Uint8Array(body) }, signal);
  }
}

function receiverOf(text: string): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(text);
  const [user, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = "";
  url.password = "";
  const isKnown = user !== "" || password !== "";
  return {
    url,
    headers: {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
      "user-agent": "tenon",
      ...(isKnown ? { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` } : {}),
    },
  };
}
