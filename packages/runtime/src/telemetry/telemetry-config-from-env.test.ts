import assert from "node:assert/strict";
import { test } from "node:test";
import { telemetryConfigFromEnv } from "./telemetry-config-from-env.ts";

test("only what is set is returned", () => {
  assert.deepEqual(telemetryConfigFromEnv({}), {});
  assert.deepEqual(telemetryConfigFromEnv({ TENON_TRACE_SAMPLE: "", OTEL_EXPORTER_OTLP_ENDPOINT: " " }), {});
  assert.deepEqual(
    telemetryConfigFromEnv({
      TENON_TRACE_SAMPLE: "0.5",
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://otel.example:4318",
      OTEL_EXPORTER_OTLP_HEADERS: "Api-Key=a%3Db, tenant = x%20y ,",
      OTEL_EXPORTER_OTLP_COMPRESSION: "none",
    }),
    {
      sample: 0.5,
      otlpEndpoint: "https://otel.example:4318",
      otlpHeaders: { "api-key": "a=b", tenant: "x y" },
      otlpCompression: "none",
    },
  );
});

test("what cannot be meant is refused, without printing a header's value", () => {
  assert.throws(() => telemetryConfigFromEnv({ TENON_TRACE_SAMPLE: "50%" }), { code: "invalid_sample" });
  assert.throws(() => telemetryConfigFromEnv({ OTEL_EXPORTER_OTLP_COMPRESSION: "brotli" }), {
    code: "invalid_otlp_compression",
  });
  for (const headers of ["secret", "a b=secret", "a=secret%", "a=secret%0d%0ab: c", "a=secret%E2%82%AC"]) {
    assert.throws(
      () => telemetryConfigFromEnv({ OTEL_EXPORTER_OTLP_HEADERS: headers }),
      (error: Error & { code?: string }) => error.code === "invalid_otlp_headers" && !error.message.includes("secret"),
      headers,
    );
  }
});
