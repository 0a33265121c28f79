// Passes a public request on to the process that hosts its endpoint and streams the answer back. Large bodies are never held in memory.
// When the other side cannot be reached or breaks off before it has answered, that is 503 `unavailable`.
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import type { Endpoint } from "@tenon/model";
import type { AuthHeaders } from "../auth/identity.ts";
import { CALL_HEADERS, REFUSED } from "../call/call-headers.ts";
import type { IncomingRequest, OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import { freshAgent, isSecure, type Remote } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import { log } from "../log/log.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";
import { forwardWhole, isSentWhole } from "./forward-whole.ts";
import { passAnswerHeaders, passRequestHeaders } from "./pass-headers.ts";

export interface Forwarding {
  readonly service: string;
  readonly remote: Remote;
  readonly credential: string;
  readonly span: RecordingSpan;
  /** As the endpoint shall see them. */
  readonly headers: RequestHeaders;
  /** Undefined where the request is for no endpoint. */
  readonly endpoint?: Endpoint | undefined;
  /** For whom it is made; undefined: for nobody that is known. */
  readonly authHeaders?: AuthHeaders | undefined;
}

/** Throws RequestError `service_unreachable`. */
export async function forward(forwarding: Forwarding, request: IncomingRequest): Promise<OutgoingResponse> {
  if (isSentWhole(forwarding, request)) return forwardWhole(forwarding, request);
  let answer: IncomingMessage;
  try {
    answer = await exchange(forwarding, request);
  } catch (error) {
    throw new RequestError("service_unreachable", { service: forwarding.service }, error);
  }
  return passAnswer(forwarding, answer);
}

/** Throws RequestError `service_unreachable` when it is the other process that refuses, and not an endpoint. */
export function passAnswer(forwarding: Forwarding, answer: IncomingMessage): OutgoingResponse {
  if (answer.headers[CALL_HEADERS.outcome] === REFUSED) {
    answer.resume();
    throw refusedByRemote(forwarding);
  }
  return {
    status: answer.statusCode ?? 502,
    statusText: answer.statusMessage ?? "",
    headers: passAnswerHeaders(answer.headers),
    body: answer,
    trailers: () => answer.trailers as Record<string, string>,
  };
}

/** A kept connection may close just as it is used again. What is safe to repeat and has no body is sent once more, on a new one. */
async function exchange(forwarding: Forwarding, request: IncomingRequest): Promise<IncomingMessage> {
  const upstream = open(forwarding, request);
  try {
    return await send(upstream, request);
  } catch (error) {
    const isSafe = (request.method === "GET" || request.method === "HEAD") && !request.hasBody;
    const isStale = upstream.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET";
    if (!isSafe || !isStale) throw error;
    return send(open(forwarding, request, false), request);
  }
}

function open(forwarding: Forwarding, request: IncomingRequest, mayReuse = true): ClientRequest {
  const { remote } = forwarding;
  return sendRequest({
    ...remote.location,
    agent: mayReuse ? remote.agent : freshAgent(remote),
    method: request.method,
    path: request.query === "" ? request.path : `${request.path}?${request.query}`,
    headers: forwardedHeaders(forwarding, request),
  });
}

export function forwardedHeaders(forwarding: Forwarding, request: IncomingRequest): Record<string, string | string[]> {
  const { span } = forwarding;
  const headers = passRequestHeaders(forwarding.headers);
  const { location, authority } = forwarding.remote;
  if (isSecure(location) && headers["host"] !== undefined) headers[CALL_HEADERS.host] = headers["host"];
  if (isSecure(location)) headers["host"] = authority;
  headers["host"] ??= authority;
  headers["traceparent"] = formatTraceparent(span);
  if (span.traceState !== undefined) headers["tracestate"] = span.traceState;
  headers[CALL_HEADERS.credential] = forwarding.credential;
  headers[CALL_HEADERS.forwarded] = "1";
  Object.assign(headers, forwarding.authHeaders);
  if (request.hasBody && request.bodySizeBytes === null) headers["transfer-encoding"] = "chunked";
  if (request.awaitsContinue) headers["expect"] = "100-continue";
  return headers;
}

/** The body goes up as it comes in, once it is asked for; the answer may come before all of it has, or any. */
function send(upstream: ClientRequest, request: IncomingRequest): Promise<IncomingMessage> {
  request.onClientGone(() => upstream.destroy());
  return new Promise((resolve, reject) => {
    upstream.once("response", (answer) => {
      // Refused without its body, the request never ends, and its connection cannot be used again.
      if (request.awaitsContinue) answer.once("end", () => upstream.destroy());
      resolve(answer);
    });
    // Stays: errors after the answer has begun reach whoever reads it as well.
    upstream.on("error", reject);
    if (!request.hasBody) upstream.end();
    else if (request.awaitsContinue) upstream.once("continue", () => sendBody(upstream, request));
    else sendBody(upstream, request);
  });
}

/** Not `pipeline`: a broken upstream must not take the client's connection, on which it is to be told, down with it. */
function sendBody(upstream: ClientRequest, request: IncomingRequest): void {
  const body = request.openBody();
  body.pipe(upstream, { end: false });
  // A body that is taken off half way, because its answer is there, must not seem to be all: its rest would be missing on a connection
  // that the next request uses.
  const breakOff = () => {
    if (!body.readableEnded) upstream.destroy();
  };
  upstream.once("unpipe", breakOff);
  body.once("close", breakOff);
  body.once("end", () => {
    if (upstream.destroyed) return;
    upstream.addTrailers(request.trailers());
    upstream.end();
  });
}

export function refusedByRemote(forwarding: Forwarding): RequestError {
  const cause = new Error(`the process at ${forwarding.remote.address} refused the gateway's credential`);
  log.error(cause, "a request could not be forwarded");
  return new RequestError("service_unreachable", { service: forwarding.service }, cause);
}
