// Reads the environment variables that OpenTelemetry and Tenon define for traces and metrics (docs/reference/tracing.md, metrics.md).
import type { TelemetryConfig } from "../lifecycle/host-config.ts";
import { TelemetrySettingError } from "./errors.ts";
import type { Compression } from "./otlp/post-json.ts";

const MIN_INTERVAL_MS = 100;
/** What a timer takes. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;

/** Only what the environment sets: spread it over the defaults of the place. */
export function telemetryConfigFromEnv(
  env: Readonly<Record<string, string | undefined>>,
): Partial<Pick<TelemetryConfig, "otlpEndpoint" | "otlpHeaders" | "otlpCompression" | "sample" | "metricsIntervalMs">> {
  const sample = env["TENON_TRACE_SAMPLE"];
  const endpoint = env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  const headers = env["OTEL_EXPORTER_OTLP_HEADERS"];
  const compression = env["OTEL_EXPORTER_OTLP_COMPRESSION"];
  const interval = env["OTEL_METRIC_EXPORT_INTERVAL"];
  const isWithoutMetrics = env["OTEL_METRICS_EXPORTER"]?.trim() === "none";
  return {
    ...(isSet(sample) ? { sample: parseSample(sample) } : {}),
    ...(isSet(endpoint) ? { otlpEndpoint: endpoint } : {}),
    ...(isSet(headers) ? { otlpHeaders: parseHeaders(headers) } : {}),
    ...(isSet(compression) ? { otlpCompression: parseCompression(compression.trim()) } : {}),
    ...(isSet(interval) ? { metricsIntervalMs: parseInterval(interval) } : {}),
    ...(isWithoutMetrics ? { metricsIntervalMs: null } : {}),
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}

function parseSample(text: string): number {
  const sample = Number(text);
  if (!(sample >= 0 && sample <= 1)) throw new TelemetrySettingError("invalid_sample", "TENON_TRACE_SAMPLE", text);
  return sample;
}

function parseCompression(text: string): Compression {
  if (text === "gzip" || text === "none") return text;
  throw new TelemetrySettingError("invalid_otlp_compression", "OTEL_EXPORTER_OTLP_COMPRESSION", text);
}

function parseInterval(text: string): number {
  const intervalMs = Number(text);
  if (!(Number.isInteger(intervalMs) && intervalMs >= MIN_INTERVAL_MS && intervalMs <= MAX_INTERVAL_MS)) {
    throw new TelemetrySettingError("invalid_metric_interval", "OTEL_METRIC_EXPORT_INTERVAL", text);
  }
  return intervalMs;
}

/** The format of W3C Baggage without its properties: "api-key=secret,tenant=a%20b". */
function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",")) {
    if (pair.trim() === "") continue;
    const match = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(.*?)\s*$/.exec(pair);
    const value = match === null ? undefined : percentDecode(match[2] ?? "");
    if (match === null || value === undefined) {
      throw new TelemetrySettingError("invalid_otlp_headers", "OTEL_EXPORTER_OTLP_HEADERS");
    }
    headers[(match[1] ?? "").toLowerCase()] = value;
  }
  return headers;
}

function percentDecode(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    // What node:http would refuse to send (RFC 9110, section 5.5).
    return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
