// What can be wrong with the settings of telemetry and logging. Found at start, before anything is served.

export const telemetrySettingErrors = {
  invalid_sample: "the share of traces to record must be a number from 0 to 1",
  invalid_otlp_endpoint: "the address of the OTLP collector must be an http:// or https:// URL",
  invalid_otlp_headers: "OTEL_EXPORTER_OTLP_HEADERS must look like name=value,name2=value2 with percent-encoded values",
  invalid_otlp_compression: "OTEL_EXPORTER_OTLP_COMPRESSION must be gzip or none",
  invalid_metric_interval: "the interval at which metrics are exported must be whole milliseconds, 100 or more",
  invalid_log_level: "the log level must be one of trace, debug, info, warn, error",
} as const;

export type TelemetrySettingCode = keyof typeof telemetrySettingErrors;

export class TelemetrySettingError extends Error {
  readonly code: TelemetrySettingCode;

  /** `where` names the setting, `got` what it was set to: never a header's value, which is often a key. */
  constructor(code: TelemetrySettingCode, where: string, got?: string) {
    super(`${where}: ${telemetrySettingErrors[code]}${got === undefined ? "" : `, got "${got}"`}`);
    this.name = "TelemetrySettingError";
    this.code = code;
  }
}
