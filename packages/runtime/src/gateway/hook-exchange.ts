// How a gateway asks the process that has its code, and how that answers: POST /__tenon/gateway/<service>/<gateway> with the head of the
// request.
import { APIError } from "../call/api-error.ts";
import { CALL_HEADERS } from "../call/call-headers.ts";
import { Cancellation } from "../call/cancellation.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "../call/exchange.ts";
import { normalizeError } from "../call/normalize-error.ts";
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
import type { RequestHead } from "./gateway-request.ts";
import type { HookOutcome, HostedGateway } from "./hosted-gateway.ts";

export const HOOK_PATH = "/__tenon/gateway/";

/** As `HookOutcome`, in JSON. */
type Answer = Omit<HookOutcome, "answer"> & {
  readonly answer: (Omit<NonNullable<HookOutcome["answer"]>, "body"> & { readonly base64: string }) | null;
};

export interface HookQuestion {
  readonly head: RequestHead;
  readonly credential: string;
  readonly requestId: string;
  readonly span: RecordingSpan;
  readonly cancellation: Cancellation;
}

/** The gateway's side. Throws what the code threw, and RequestError `service_unreachable`. */
export async function askGateway(
  name: string,
  service: string,
  remote: Remote,
  { head, credential, requestId, span, cancellation }: HookQuestion,
): Promise<HookOutcome> {
  const body = JSON.stringify(head);
  const path = `${HOOK_PATH}${encodeURIComponent(service)}/${encodeURIComponent(name)}`;
  const headers = {
    [CALL_HEADERS.credential]: credential,
    [CALL_HEADERS.requestId]: requestId,
    traceparent: formatTraceparent(span),
    ...(span.traceState === undefined ? {} : { tracestate: span.traceState }),
    "content-type": "application/json",
  };
  const target = { service, name: `gateway ${name}`, path };
  const { outcome, status, text } = await askRemote(target, remote, headers, body, cancellation);
  if (outcome === "error") throw errorIn(target, text);
  if (outcome !== "result") {
    throw new RequestError("service_unreachable", { service }, new Error(`status ${status} without an outcome`));
  }
  const { responseHeaders, answer } = JSON.parse(text) as Answer;
  if (answer === null) return { responseHeaders, answer: undefined };
  const { base64, ...rest } = answer;
  return { responseHeaders, answer: { ...rest, body: Buffer.from(base64, "base64") } };
}

/** The side of the process that has the code. Never rejects. */
export async function serveHooks(
  gateways: ReadonlyMap<string, HostedGateway>,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  const { headers } = request;
  const gateway = gateways.get(decodeURIComponent(request.path.slice(request.path.lastIndexOf("/") + 1)));
  const cancellation = new Cancellation(undefined);
  request.onClientGone(() => cancellation.cancel(new RequestError("call_canceled", { endpoint: "a gateway" })));
  try {
    if (gateway === undefined) throw new RequestError("endpoint_not_hosted", { endpoint: request.path });
    const { responseHeaders, answer } = await gateway.run({
      head: (await readJsonBody(request, null)) as RequestHead,
      parent: parseTraceparent(headerOf(headers, "traceparent"), headerOf(headers, "tracestate")),
      requestId: requestIdFrom(headerOf(headers, CALL_HEADERS.requestId)),
      cancellation,
    });
    return respondWith({ responseHeaders, answer });
  } catch (error) {
    if (!(error instanceof APIError)) log.error(error, "the code of a gateway could not be run");
    return respondError(normalizeError(error), { [CALL_HEADERS.outcome]: "error" });
  } finally {
    cancellation.release();
  }
}

function respondWith({ responseHeaders, answer }: HookOutcome): OutgoingResponse {
  const said: Answer = { responseHeaders, answer: null };
  const headers = { [CALL_HEADERS.outcome]: "result", "content-type": "application/json" };
  if (answer === undefined) return { status: 200, headers, body: JSON.stringify(said) };
  const { body, ...rest } = answer;
  const full: Answer = { ...said, answer: { ...rest, base64: Buffer.from(body).toString("base64") } };
  return { status: 200, headers, body: JSON.stringify(full) };
}
