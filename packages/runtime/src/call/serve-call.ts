// Serves one typed call from another process of the app: POST /__tenon/call/<service>/<endpoint> with the whole request as JSON.
import type { Issue } from "@tenon/model";
import type { AuthBook } from "../auth/auth-book.ts";
import { internalFormat } from "../stream/item-format.ts";
import { respondWithItems, yieldsItems } from "../stream/respond-with-items.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import { authenticate } from "./authenticate.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import { type CallPaths, nameOfCall } from "./call-path.ts";
import { visitCall } from "./call-visit.ts";
import { Cancellation } from "./cancellation.ts";
import { encodeForCall } from "./encode.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "./exchange.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, invoke } from "./invoke.ts";
import { normalizeError } from "./normalize-error.ts";
import { readJsonBody } from "./read-body.ts";
import { refineRequest } from "./refine.ts";
import { invalidRequest, RequestError } from "./request-error.ts";
import { recordResponseText } from "./record-payload.ts";
import { requestIdFrom } from "./request-id.ts";
import { respondError } from "./respond.ts";
import { cancelWhenGone, endCall } from "./serve-request.ts";
import type { RunningCalls } from "./running-calls.ts";
import { ServedCall } from "./served-call.ts";

/** Never rejects. Answers carry `x-tenon-outcome`, by which a caller knows that an endpoint answered. */
export function serveCall(
  calls: CallPaths,
  auth: AuthBook,
  running: RunningCalls,
  request: IncomingRequest,
): OutgoingResponse | Promise<OutgoingResponse> {
  const target = calls.find(request.path);
  if (target === undefined || request.method !== "POST") return refuseCall(request.path);
  if (request.header(CALL_HEADERS.cancel) !== undefined) return cancelCall(running, request);
  return target.isPlain && target.endpoint.kind === "typed"
    ? visitCall(target, auth, running, request)
    : serveWithStages(target, auth, request);
}

/** A caller that shares the connection does not wait for an earlier call any more. */
function cancelCall(running: RunningCalls, request: IncomingRequest): OutgoingResponse {
  const caller = parseTraceparent(request.header("traceparent"));
  if (caller !== undefined) running.cancel(caller.spanId);
  return { status: 200, headers: outcome("result"), body: "" };
}

/** Middleware, schemas and yielded answers are stages of their own. */
async function serveWithStages(
  target: HostedEndpoint,
  auth: AuthBook,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  const cancellation = new Cancellation(undefined);
  cancelWhenGone(target, request, cancellation);
  const isLasting = yieldsItems(target.endpoint);
  const served = openCall(target, request, cancellation, isLasting ? "no deadline" : undefined);
  let lasting: OutgoingResponse | undefined;
  try {
    const input = await decodeIn(served, target, auth, request);
    if (isLasting) {
      lasting = await respondWithItems(target, served, input, request.headers, internalFormat(target));
      Object.assign(lasting.headers, outcome("result"));
      return lasting;
    }
    const body = await invoke(target, served, input, encodeForCall);
    recordResponseText(served, body);
    // One literal: spreading an object costs Node 20 half a microsecond.
    const headers = { [CALL_HEADERS.outcome]: "result", "content-type": "application/json" };
    return { status: 200, headers, body };
  } catch (error) {
    return respondError(normalizeError(error), outcome("error"), target.codec.errors);
  } finally {
    endCall(served, lasting);
  }
}

/** "no deadline": a stream may last; its caller watches over the handshake. */
export function openCall(
  target: HostedEndpoint,
  request: IncomingRequest,
  cancellation: Cancellation,
  lasting?: "no deadline",
): ServedCall {
  const headers = request.headers;
  const remainingMs = Number(headerOf(headers, CALL_HEADERS.deadlineMs) ?? Number.NaN);
  const deadlineAt = remainingMs > 0 && lasting === undefined ? Date.now() + remainingMs : undefined;
  if (deadlineAt !== undefined) cancellation.cancelAt(deadlineAt, target.deadlinePassed);
  return new ServedCall(
    target,
    parseTraceparent(headerOf(headers, "traceparent"), headerOf(headers, "tracestate")),
    requestIdFrom(headerOf(headers, CALL_HEADERS.requestId)),
    deadlineAt,
    headerOf(headers, CALL_HEADERS.caller),
    cancellation,
  );
}

/** The sender has checked the value against the same contract; no body limit holds between services, as none does in process. */
async function decodeIn(
  served: ServedCall,
  target: HostedEndpoint,
  auth: AuthBook,
  request: IncomingRequest,
): Promise<unknown> {
  try {
    authenticate(target, served, auth.identityFrom(request.headers));
    const wire = await readJsonBody(request, null);
    const codec = target.codec.request;
    if (codec === null) return undefined;
    const issues: Issue[] = [];
    const input = codec.decode(wire, issues);
    if (issues.length > 0) throw invalidRequest(target.name, issues);
    const schema = target.schemas.request;
    return schema === undefined ? input : await refineRequest(target, schema, input);
  } catch (error) {
    throw failed(served, served.cancellation.reason ?? error);
  }
}

export function refuseCall(path: string): OutgoingResponse {
  return respondError(new RequestError("endpoint_not_hosted", { endpoint: nameOfCall(path) }), outcome("error"));
}

function outcome(value: "result" | "error"): Record<string, string> {
  return { [CALL_HEADERS.outcome]: value };
}
