// Pushes the metrics of this process to a receiver of Prometheus' remote write, every so often and once more at the end. What a receiver does
// not take is not kept: counts go on, and the next push carries them.
import { prometheusSeries } from "../../metrics/prometheus-series.ts";
import { metricReadings } from "../../metrics/metric-reading.ts";
import { readMetrics } from "../../metrics/metric-registry.ts";
import { messageOf } from "../exception-event.ts";
import { instanceId } from "../instance-id.ts";
import { runOutsideOfCalls } from "../outside-of-calls.ts";
import { warnRarely } from "../warn-rarely.ts";
import { encodeWriteRequest } from "./encode-write-request.ts";
import { snappyBlock } from "./snappy-block.ts";

export interface PushOptions {
  /** Name and password in it are sent as `authorization`. */
  readonly url: string;
  readonly intervalMs: number;
  /** The `job` of all series. */
  readonly app: string;
}

const LAST_PUSH_MS = 2_000;

/** Gives a function that pushes once more and ends. */
export function pushMetrics({ url: text, intervalMs, app }: PushOptions): () => Promise<void> {
  const { url, headers } = receiverOf(text);
  // What a scrape would add: without them several processes would write the same series.
  const labels = { job: app, instance: instanceId() };

  const push = async (signal: AbortSignal): Promise<void> => {
    const series = metricReadings(readMetrics()).flatMap(prometheusSeries);
    const body = new Uint8Array(snappyBlock(encodeWriteRequest(series, labels, Date.now())));
    const problem = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" }).then(
      async (response) => (response.ok ? undefined : `status ${response.status}: ${(await response.text()).trim()}`),
      messageOf,
    );
    if (problem === undefined) return;
    const hint = "check remote_write_url of infra.json";
    warnRarely("telemetry: metrics could not be pushed", { receiver: url.origin + url.pathname, problem, hint });
  };

  const timer = runOutsideOfCalls(() => setInterval(() => void push(AbortSignal.timeout(intervalMs)), intervalMs));
  timer.unref();
  return async () => {
    clearInterval(timer);
    await runOutsideOfCalls(() => push(AbortSignal.timeout(LAST_PUSH_MS)));
  };
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
