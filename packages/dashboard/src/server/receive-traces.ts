// POST /v1/traces: an OTLP/HTTP receiver for JSON. The services of the app send here, and so may anything else on the machine, pages
// of the app's front end included: that is why this one path answers to other origins.
import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeTraces } from "../otlp/decode-traces.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import { RequestError } from "./errors.ts";
import { readJsonBody } from "./read-json-body.ts";
import { respondJson } from "./respond.ts";

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

export const crossOriginHeaders = { "access-control-allow-origin": "*" };

export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    ...crossOriginHeaders,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type, content-encoding, traceparent, tracestate, authorization",
    "access-control-max-age": "86400",
  });
  response.end();
}

export async function receiveTraces(
  request: IncomingMessage,
  response: ServerResponse,
  store: TraceStore,
): Promise<void> {
  const body = await readJsonBody(request, BODY_LIMIT_BYTES);
  const { spans, rejected, reason } = decode(body);
  if (spans.length > 0) store.add(spans);
  const partial = rejected === 0 ? {} : { rejectedSpans: String(rejected), errorMessage: reason };
  respondJson(response, 200, { partialSuccess: partial }, crossOriginHeaders);
}

function decode(body: unknown): ReturnType<typeof decodeTraces> {
  try {
    return decodeTraces(body);
  } catch (error) {
    throw new RequestError("invalid_argument", `not an OTLP export request: ${(error as Error).message}`);
  }
}
