// How a gateway asks the process that runs an auth handler, and how that answers: POST /__tenon/auth/<service>/<handler> with the part
// of the request that the handler may see.
import type { AuthHandler, Issue } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import { CALL_HEADERS } from "../call/call-headers.ts";
import { Cancellation } from "../call/cancellation.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "../call/exchange.ts";
import { normalizeError, toErrorBody } from "../call/normalize-error.ts";
import { RawHttpRequest } from "../call/raw-http-request.ts";
import { readJsonBody } from "../call/read-body.ts";
import type { Remote } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import { errorIn } from "../call/remote-answer.ts";
import { askRemote } from "../call/remote-exchange.ts";

import { log } from "../log/log.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import type { AuthBook } from "./auth-book.ts";
import { type AuthPart, type AuthRequest, authPartOf } from "./carries-params.ts";
import type { AuthOutcome } from "./hosted-auth-handler.ts";
import { type AuthHeaders, AUTH_HEADERS, authHeaders } from "./identity.ts";

export const AUTH_PATH = "/__tenon/auth/";

/** As `AuthOutcome`, in JSON; the data stays the text it came as. */
export type RemoteAuthOutcome =
  | { readonly kind: "authenticated"; readonly headers: AuthHeaders }
  | { readonly kind: "anonymous"; readonly refusal: APIError | undefined }
  | { readonly kind: "not-meant"; readonly issues: readonly Issue[] };

type Answer =
  | { readonly kind: "authenticated" }
  | { readonly kind: "anonymous"; readonly refusal: unknown }
  | { readonly kind: "not-meant"; readonly issues: readonly Issue[] };

export interface AuthQuestion {
  readonly request: AuthRequest;
  readonly credential: string;
  readonly requestId: string;
  readonly span: RecordingSpan;
  readonly cancellation: Cancellation;
}

/** The gateway's side. Throws what the handler threw, if it was not "unauthenticated", and RequestError `service_unreachable`. */
export async function askAuthHandler(
  handler: AuthHandler,
  remote: Remote,
  question: AuthQuestion,
): Promise<RemoteAuthOutcome> {
  const { service, name } = handler;
  const body = JSON.stringify(authPartOf(handler, question.request));
  const target = {
    service,
    name: `auth ${name}`,
    path: `${AUTH_PATH}${encodeURIComponent(service)}/${encodeURIComponent(name)}`,
  };
  const headers = {
    [CALL_HEADERS.credential]: question.credential,
    [CALL_HEADERS.requestId]: question.requestId,
    traceparent: formatTraceparent(question.span),
    ...(question.span.traceState === undefined ? {} : { tracestate: question.span.traceState }),
    "content-type": "application/json",
  };
  const answer = await askRemote(target, remote, headers, body, question.cancellation);
  if (answer.outcome === "error") throw errorIn(target, answer.text);
  if (answer.outcome !== "result") {
    throw new RequestError("service_unreachable", { service }, new Error(`status ${answer.status} without an outcome`));
  }
  const said = JSON.parse(answer.text) as Answer;
  if (said.kind === "authenticated") {
    const data = answer.header(AUTH_HEADERS.data);
    if (data === undefined) throw new RequestError("service_unreachable", { service }, new Error("no auth data came"));
    return { kind: "authenticated", headers: authHeaders(name, data) };
  }
  if (said.kind === "not-meant") return said;
  const refusal = said.refusal === null ? undefined : errorIn(target, JSON.stringify(said.refusal));
  return { kind: "anonymous", refusal };
}

/** The side of the process that runs the handler. Never rejects. */
export async function serveAuth(book: AuthBook, request: IncomingRequest): Promise<OutgoingResponse> {
  const { headers } = request;
  const handler = book.hostedHandler(decodeURIComponent(request.path.slice(request.path.lastIndexOf("/") + 1)));
  const cancellation = new Cancellation(undefined);
  const gone = () => new RequestError("call_canceled", { endpoint: "an auth handler" });
  request.onClientGone(() => cancellation.cancel(gone()));
  try {
    if (handler === undefined) throw new RequestError("endpoint_not_hosted", { endpoint: request.path });
    const part = (await readJsonBody(request, null)) as AuthPart;
    const outcome = await handler.run({
      request: new RawHttpRequest("GET", [], part.query, part.headers, undefined),
      parent: parseTraceparent(headerOf(headers, "traceparent"), headerOf(headers, "tracestate")),
      requestId: requestIdFrom(headerOf(headers, CALL_HEADERS.requestId)),
      cancellation,
    });
    return answerOf(outcome);
  } catch (error) {
    if (!(error instanceof APIError)) log.error(error, "an auth handler could not be asked");
    return respondError(normalizeError(error), { [CALL_HEADERS.outcome]: "error" });
  } finally {
    cancellation.release();
  }
}

function answerOf(outcome: AuthOutcome): OutgoingResponse {
  const said: Answer =
    outcome.kind === "anonymous"
      ? { kind: outcome.kind, refusal: outcome.refusal === undefined ? null : toErrorBody(outcome.refusal) }
      : outcome.kind === "not-meant"
        ? outcome
        : { kind: outcome.kind };
  const data = outcome.kind === "authenticated" ? outcome.identity.headers : {};
  const headers = { [CALL_HEADERS.outcome]: "result", "content-type": "application/json", ...data };
  return { status: 200, headers, body: JSON.stringify(said) };
}
