// Sends the metrics of this process to an OTLP/HTTP collector, every so often and once more at the end. A collector that does not take
// them loses nothing but the moment: sums are cumulative, and the next export carries them again.
import { readMetrics } from "../metrics/metric-registry.ts";
import { messageOf } from "./exception-event.ts";
import { encodeMetrics } from "./otlp/encode-metrics.ts";
import { type Compression, postJson } from "./otlp/post-json.ts";
import { runOutsideOfCalls } from "./outside-of-calls.ts";
import { redactText } from "./redaction.ts";
import { warnRarely } from "./warn-rarely.ts";

export interface MetricsExportOptions {
  /** Base address; "/v1/metrics" is added. */
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  readonly intervalMs: number;
  /** What series are called that belong to no service. */
  readonly app: string;
}

const LAST_EXPORT_MS = 2_000;

/** Gives a function that exports once more and ends. */
export function exportMetrics(options: MetricsExportOptions): () => Promise<void> {
  const url = new URL(options.endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/metrics`;
  const startedAt = performance.timeOrigin;

  const send = async (signal: AbortSignal): Promise<void> => {
    const resource = { app: options.app, startedAt, now: Date.now() };
    const body = [Buffer.from(redactText(encodeMetrics(readMetrics(), resource)))];
    const problem = await postJson(url, body, options, signal).then(
      ({ status }) => (status >= 200 && status < 300 ? undefined : `status ${status}`),
      messageOf,
    );
    if (problem === undefined) return;
    warnRarely("telemetry: the OTLP collector does not take our metrics", {
      endpoint: url.origin + url.pathname,
      problem,
      hint: "check OTEL_EXPORTER_OTLP_ENDPOINT; OTEL_METRICS_EXPORTER=none switches their export off",
    });
  };

  const timer = runOutsideOfCalls(() =>
    setInterval(() => void send(AbortSignal.timeout(options.intervalMs)), options.intervalMs),
  );
  timer.unref();
  return async () => {
    clearInterval(timer);
    await runOutsideOfCalls(() => send(AbortSignal.timeout(LAST_EXPORT_MS)));
  };
}
