// A typed call to an endpoint of another process: POST of the whole request as JSON on a kept-alive connection. An answer that does
// not come from an endpoint, or none at all, is `unavailable`, never `internal`.
import type { Issue } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import { headerLine, headerLines } from "../http/client/header-lines.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";
import type { Cancellation } from "./cancellation.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { CallContext } from "./context.ts";
import { RemoteCall } from "./remote-call.ts";
import { newRequestId } from "./request-id.ts";
import { invalidRequest } from "./request-error.ts";
import type { ResolvedTarget } from "./resolve.ts";
import type { Topology } from "./topology.ts";

/**
 * Makes the call and ends its span. Rejects as `clientMethod` says; throws RequestError `invalid_request` and `address_unknown`.
 */
// hot: guarded by bench/call
export function callOverHttp(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  span: RecordedSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
  cancellation: Cancellation,
  identity: Identity | undefined,
  nowMs: number,
): Promise<unknown> {
  const body = encodeRequest(target, request);
  if (cancellation.reason !== undefined) throw cancellation.reason;
  const route = target.wire.to(topology, target);
  let lines = `${CALL_HEADERS.requestId}: ${parent === undefined ? newRequestId() : parent.requestId}\r\ntraceparent: ${span.traceparent}\r\n`;
  if (span.traceState !== undefined) lines += headerLine("tracestate", span.traceState);
  if (parent !== undefined) lines += `${CALL_HEADERS.caller}: ${parent.service}\r\n`;
  if (deadlineAt !== Number.POSITIVE_INFINITY) lines += `${CALL_HEADERS.deadlineMs}: ${remainingMs(deadlineAt)}\r\n`;
  if (identity !== undefined) lines += headerLines(identity.headers);
  const sizeBytes = Buffer.byteLength(body);
  lines += `content-length: ${sizeBytes}\r\n`;
  const call = new RemoteCall(target, span, parent, cancellation, nowMs);
  call.send(route, lines, body, sizeBytes);
  return call.result;
}

function remainingMs(deadlineAt: number): number {
  return Math.max(1, Math.ceil(deadlineAt - Date.now()));
}

/** Throws RequestError `invalid_request`. */
export function encodeRequest(target: ResolvedTarget, request: unknown): string {
  const codec = target.codec.request;
  if (codec === null) return "";
  const issues: Issue[] = [];
  const wire = codec.encode(request, issues);
  if (issues.length > 0) throw invalidRequest(target.name, issues);
  return JSON.stringify(wire) ?? "";
}

/** What every call carries, whatever it is made of. `deadlineAt`: epoch milliseconds, Infinity for none. */
export function callHeaders(
  credential: string,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    [CALL_HEADERS.credential]: credential,
    [CALL_HEADERS.requestId]: parent?.requestId ?? newRequestId(),
    traceparent: formatTraceparent(span),
  };
  if (span.traceState !== undefined) headers["tracestate"] = span.traceState;
  if (parent !== undefined) headers[CALL_HEADERS.caller] = parent.service;
  if (Number.isFinite(deadlineAt)) headers[CALL_HEADERS.deadlineMs] = remainingMs(deadlineAt);
  return headers;
}
