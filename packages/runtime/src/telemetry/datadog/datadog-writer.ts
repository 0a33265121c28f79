// Writes metrics to Datadog. A point that is sent again with the same time takes the place of the first, so what was sent and not answered is sent
// once more as it was before anything new: it counts once, whether the first has arrived or not.
import { hostname } from "node:os";
import type { MetricReading } from "../../metrics/metric-reading.ts";
import { instanceId } from "../instance-id.ts";
import { chunksOf } from "../push/chunks.ts";
import { type Growth, GrowthLedger } from "../push/growth-ledger.ts";
import type { DatadogReceiver } from "../push/metrics-push-config.ts";
import type { MetricsWriter } from "../push/metrics-writer.ts";
import { jsonBody, postMetrics, PushRefused } from "../push/post-metrics.ts";
import { type DatadogOrigin, datadogSeries } from "./datadog-series.ts";

/** 5 MB are taken, and 500 kB of them compressed, to a quarter at the most. */
const LIMITS = { items: Number.POSITIVE_INFINITY, bytes: 2_000_000 };
/** Datadog takes no older ones. */
const OLDEST_MS = 55 * 60_000;

interface Batch {
  readonly text: string;
  readonly growths: readonly Growth[];
  readonly sentAtMs: number;
}

export class DatadogWriter implements MetricsWriter {
  readonly receiver: string;
  readonly hint = "check site and api_key under metrics of infra.json";
  readonly #url: URL;
  readonly #apiKey: string;
  readonly #origin: DatadogOrigin;
  readonly #ledger = new GrowthLedger();
  /** Sent, and not known to have arrived. */
  #open: Batch | undefined;
  /** Epoch seconds of the last points. */
  #lastTimestamp = 0;
  #lastArrivalMs = performance.timeOrigin;

  constructor({ endpoint, apiKey }: DatadogReceiver, app: string) {
    this.#url = new URL(`${endpoint.replace(/\/$/, "")}/api/v2/series`);
    this.#apiKey = apiKey;
    this.#origin = { host: hostname(), tags: { app, instance: instanceId() } };
    this.receiver = this.#url.href;
  }

  async write(readings: readonly MetricReading[], nowMs: number, signal: AbortSignal): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    // One that is too old is given up as it is; its growth is in the next.
    if (open !== undefined && nowMs - open.sentAtMs < OLDEST_MS) await this.#sendAgain(open, signal);
    let refusal: PushRefused | undefined;
    for (const batch of this.#batches(readings, nowMs)) {
      try {
        await this.#send(batch, signal);
      } catch (error) {
        if (!(error instanceof PushRefused)) throw error;
        refusal = error;
      }
    }
    if (refusal !== undefined) throw refusal;
    this.#lastArrivalMs = nowMs;
  }

  /** That it is refused now says nothing of the first time: it stays open. */
  async #sendAgain(batch: Batch, signal: AbortSignal): Promise<void> {
    try {
      await this.#send(batch, signal);
    } catch (error) {
      this.#open = batch;
      throw error;
    }
  }

  #batches(readings: readonly MetricReading[], nowMs: number): Batch[] {
    // Two points of one series with the same time would be one.
    const timestamp = Math.max(Math.floor(nowMs / 1000), this.#lastTimestamp + 1);
    this.#lastTimestamp = timestamp;
    const intervalSeconds = Math.max(1, Math.round((nowMs - this.#lastArrivalMs) / 1000));
    const written = this.#ledger.growthOf(readings).map((growth) => {
      return { growth, text: datadogSeries(growth, { timestamp, intervalSeconds }, this.#origin).join(",") };
    });
    return chunksOf(written, LIMITS, ({ text }) => text.length).map((chunk) => ({
      text: `{"series":[${chunk.map(({ text }) => text).join(",")}]}`,
      growths: chunk.map(({ growth }) => growth),
      sentAtMs: nowMs,
    }));
  }

  async #send(batch: Batch, signal: AbortSignal): Promise<void> {
    const { headers, body } = await jsonBody(batch.text);
    try {
      await postMetrics(this.#url, { headers: { ...headers, "dd-api-key": this.#apiKey }, body }, signal);
    } catch (error) {
      if (!(error instanceof PushRefused)) this.#open = batch;
      throw error;
    }
    this.#ledger.settle(batch.growths);
  }
}
