// Writes metrics to Amazon CloudWatch (PutMetricData, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html), with the
// keys that the process has at AWS. CloudWatch adds up whatever it gets: what was sent and not answered is sent again, and may count twice.
import { awsCredentials, type AwsKeys } from "../../cloud/aws-credentials.ts";
import type { Environment } from "../../cloud/environment.ts";
import type { CredentialOf } from "../../cloud/shared-by-environment.ts";
import { signRequest } from "../../cloud/sign-request.ts";
import type { MetricReading } from "../../metrics/metric-reading.ts";
import { chunksOf } from "../push/chunks.ts";
import { GrowthLedger } from "../push/growth-ledger.ts";
import type { CloudWatchReceiver } from "../push/metrics-push-config.ts";
import type { MetricsWriter } from "../push/metrics-writer.ts";
import { jsonBody, postMetrics } from "../push/post-metrics.ts";
import { unlessAborted } from "../push/unless-aborted.ts";
import { metricData } from "./metric-data.ts";

/** What one request may have: 1000 metrics, 1 MB. */
const LIMITS = { items: 1_000, bytes: 900_000 };
const OPERATION = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "GraniteServiceVersion20100801.PutMetricData",
};

export class CloudWatchWriter implements MetricsWriter {
  readonly receiver: string;
  readonly hint = "the role of the process must be allowed cloudwatch:PutMetricData";
  readonly #url: URL;
  readonly #region: string;
  readonly #namespace: string;
  readonly #keys: CredentialOf<AwsKeys>;
  readonly #ledger = new GrowthLedger();

  constructor({ endpoint, region, namespace }: CloudWatchReceiver, environment: Environment) {
    this.#url = new URL(`${endpoint.replace(/\/$/, "")}/`);
    this.#region = region;
    this.#namespace = namespace;
    this.#keys = awsCredentials(environment);
    this.receiver = `${this.#url.href} (${namespace})`;
  }

  async write(readings: readonly MetricReading[], nowMs: number, signal: AbortSignal): Promise<void> {
    const written = this.#ledger.growthOf(readings).map((growth) => ({
      growth,
      text: metricData(growth, nowMs)
        .map((datum) => JSON.stringify(datum))
        .join(","),
    }));
    const problems: unknown[] = [];
    for (const chunk of chunksOf(written, LIMITS, ({ text }) => text.length)) {
      await this.#send(chunk.map(({ text }) => text).join(","), nowMs, signal).then(
        () => this.#ledger.settle(chunk.map(({ growth }) => growth)),
        (error: unknown) => problems.push(error),
      );
    }
    if (problems.length > 0) throw problems[0];
  }

  async #send(data: string, nowMs: number, signal: AbortSignal): Promise<void> {
    const { headers, body } = await jsonBody(`{"Namespace":${JSON.stringify(this.#namespace)},"MetricData":[${data}]}`);
    const request = { method: "POST", url: this.#url, headers: { ...headers, ...OPERATION }, body };
    const scope = { service: "monitoring", region: this.#region };
    const keys = await unlessAborted(this.#keys(), signal);
    await postMetrics(this.#url, { headers: signRequest(request, keys, scope, nowMs), body }, signal);
  }
}
