// POST /v1/metrics: an OTLP/HTTP receiver for JSON, as that of traces.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MetricStore } from "../metrics/metric-store.ts";
import { decodeMetrics } from "../otlp/decode-metrics.ts";
import { RequestError } from "./errors.ts";
import { readJsonBody } from "./read-json-body.ts";
import { crossOriginHeaders } from "./receive-traces.ts";
import { respondJson } from "./respond.ts";

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

export async function receiveMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  store: MetricStore,
): Promise<void> {
  const { byService, rejected } = decode(await readJsonBody(request, BODY_LIMIT_BYTES));
  const receivedAt = Date.now();
  for (const [service, metrics] of byService) store.set(service, metrics, receivedAt);
  const partial =
    rejected === 0
      ? {}
      : { rejectedDataPoints: String(rejected), errorMessage: "only sums, gauges and histograms with bounds are kept" };
  respondJson(response, 200, { partialSuccess: partial }, crossOriginHeaders);
}

function decode(body: unknown): ReturnType<typeof decodeMetrics> {
  try {
    return decodeMetrics(body);
  } catch (error) {
    throw new RequestError("invalid_argument", `not an OTLP export request: ${(error as Error).message}`);
  }
}
