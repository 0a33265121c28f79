// Says what is recorded and where it goes. Called once when a process starts, before it serves; until then everything is recorded
// and goes nowhere.
import type { Span } from "@tenon/model";
import { configurePayloads } from "../call/record-payload.ts";
import type { TelemetryConfig } from "../lifecycle/host-config.ts";
import { TelemetrySettingError } from "./errors.ts";
import { exportMetrics } from "./export-metrics.ts";
import { ObjectOutlet, type SpanSink } from "./object-outlet.ts";
import { createOtlpSender, type OtlpOptions } from "./otlp/create-otlp-sender.ts";
import { createOtlpSink } from "./otlp/create-otlp-sink.ts";
import { OtlpOutlet } from "./otlp/otlp-outlet.ts";
import type { Compression } from "./otlp/post-json.ts";
import { setPipeline } from "./pipeline.ts";
import type { SpanOutlet } from "./span-outlet.ts";

/** OpenTelemetry's. */
const DEFAULT_METRICS_INTERVAL_MS = 60_000;

export interface TelemetryOptions extends TelemetryConfig {
  /** Takes finished spans within the process, before (or instead of) the export: the dev supervisor's trace store. */
  readonly sink?: (spans: readonly Span[]) => void;
}

export function configureTelemetry(options: TelemetryOptions): void {
  if (!(options.sample >= 0 && options.sample <= 1)) {
    throw new TelemetrySettingError("invalid_sample", "telemetry.sample", String(options.sample));
  }
  configurePayloads(options.payloads ?? false);
  setPipeline({ sample: options.sample, flushIntervalMs: options.flushIntervalMs, outlet: outletFor(options) });
}

function outletFor(options: TelemetryOptions): SpanOutlet | null {
  const { otlpEndpoint, sink } = options;
  const otlp = otlpEndpoint === null ? null : otlpOptions(otlpEndpoint, options);
  if (sink !== undefined) return new ObjectOutlet(withLocalSink(sink, otlp === null ? null : createOtlpSink(otlp)));
  return otlp === null ? null : new OtlpOutlet(createOtlpSender(otlp));
}

function otlpOptions(otlpEndpoint: string, { otlpHeaders = {}, otlpCompression }: TelemetryOptions): OtlpOptions {
  const endpoint = parseEndpoint(otlpEndpoint);
  return { endpoint, headers: otlpHeaders, compression: otlpCompression ?? defaultCompression(endpoint) };
}

/** Between two processes of one machine nothing is gained by it, and it costs several times what recording does. */
function defaultCompression({ hostname }: URL): Compression {
  const isThisMachine = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return isThisMachine ? "none" : "gzip";
}

/** Starts the export of metrics where there is a collector; gives a function that ends it. `app` names what belongs to no service. */
export function configureMetrics(app: string, config: TelemetryConfig): (() => Promise<void>) | undefined {
  const { otlpEndpoint, otlpHeaders = {}, metricsIntervalMs = DEFAULT_METRICS_INTERVAL_MS } = config;
  if (otlpEndpoint === null || metricsIntervalMs === null) return undefined;
  const endpoint = parseEndpoint(otlpEndpoint);
  return exportMetrics({
    endpoint,
    headers: otlpHeaders,
    compression: config.otlpCompression ?? defaultCompression(endpoint),
    intervalMs: metricsIntervalMs,
    app,
  });
}

function withLocalSink(local: (spans: readonly Span[]) => void, exporter: SpanSink | null): SpanSink {
  return (spans, signal) => {
    local(spans);
    return exporter === null ? spans.length : exporter(spans, signal);
  };
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new TelemetrySettingError(
      "invalid_otlp_endpoint",
      "telemetry.otlpEndpoint",
      text.replace(/\/\/[^/@]*@/, "//***@"),
    );
  }
  return url;
}
