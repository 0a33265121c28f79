// Writes metrics to Google Cloud Monitoring (projects.timeSeries.create), as the account that the process is at Google. They are cumulative: what is
// not taken the next push carries.
import type { Environment } from "../../cloud/environment.ts";
import { googleToken } from "../../cloud/google-token.ts";
import type { CredentialOf } from "../../cloud/shared-by-environment.ts";
import type { MetricReading } from "../../metrics/metric-reading.ts";
import { instanceId } from "../instance-id.ts";
import { chunksOf } from "../push/chunks.ts";
import type { CloudMonitoringReceiver } from "../push/metrics-push-config.ts";
import type { MetricsWriter } from "../push/metrics-writer.ts";
import { jsonBody, postMetrics } from "../push/post-metrics.ts";
import { unlessAborted } from "../push/unless-aborted.ts";
import { timeSeries } from "./time-series.ts";

const SCOPE = "https://www.googleapis.com/auth/monitoring.write";
/** What one request may have (https://cloud.google.com/monitoring/quotas). */
const LIMITS = { items: 200, bytes: Number.POSITIVE_INFINITY };
/** Between two points of a series. */
const CLOSEST_MS = 5_000;

export class CloudMonitoringWriter implements MetricsWriter {
  readonly receiver: string;
  readonly hint = "the account needs the role roles/monitoring.metricWriter in the project of metrics in infra.json";
  readonly #url: URL;
  readonly #about: Pick<CloudMonitoringReceiver, "resource" | "names"> & { readonly instance: string };
  readonly #token: CredentialOf<string>;
  readonly #startMs = performance.timeOrigin;
  #lastEndMs = 0;

  constructor(receiver: CloudMonitoringReceiver, environment: Environment) {
    const { endpoint, projectId } = receiver;
    this.#url = new URL(`${endpoint.replace(/\/$/, "")}/v3/projects/${encodeURIComponent(projectId)}/timeSeries`);
    this.#about = { ...receiver, instance: instanceId() };
    this.#token = googleToken(environment, SCOPE);
    this.receiver = this.#url.href;
  }

  async write(readings: readonly MetricReading[], nowMs: number, signal: AbortSignal): Promise<void> {
    // Only the last push may come too close to the one before. What has been counted by its end is what has been counted for good.
    const endMs = Math.max(nowMs, this.#lastEndMs + CLOSEST_MS);
    this.#lastEndMs = endMs;
    const times = { startMs: this.#startMs, endMs };
    const series = readings.flatMap((reading) => timeSeries(reading, times, this.#about));
    const problems: unknown[] = [];
    for (const chunk of chunksOf(series, LIMITS, () => 0)) {
      await this.#send(chunk, signal).catch((error: unknown) => problems.push(error));
    }
    if (problems.length > 0) throw problems[0];
  }

  async #send(series: readonly object[], signal: AbortSignal): Promise<void> {
    const authorization = `Bearer ${await unlessAborted(this.#token(), signal)}`;
    const { headers, body } = await jsonBody(JSON.stringify({ timeSeries: series }));
    await postMetrics(this.#url, { headers: { ...headers, authorization }, body }, signal);
  }
}
