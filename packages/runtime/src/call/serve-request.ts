// Serves one public request with an endpoint of this process: context, authenticate, decode, invoke, encode, respond.
import { Readable } from "node:stream";
import type { Identity } from "../auth/identity.ts";
import { addResponse } from "../middleware/add-response.ts";
import type { HandlerResponse } from "../middleware/handler-response.ts";
import { publicFormat } from "../stream/item-format.ts";
import { respondWithItems, yieldsItems } from "../stream/respond-with-items.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { authenticate } from "./authenticate.ts";
import { Cancellation } from "./cancellation.ts";
import { decode } from "./decode.ts";
import { encode, type EncodedResponse } from "./encode.ts";
import type { IncomingRequest, OutgoingResponse, RequestHeaders } from "./exchange.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, invoke } from "./invoke.ts";
import { normalizeError } from "./normalize-error.ts";
import { recordResponseText } from "./record-payload.ts";
import { RequestError } from "./request-error.ts";
import { respond, respondError } from "./respond.ts";
import { serveRaw } from "../raw/serve-raw.ts";
import { serveStatic } from "../static/serve-static.ts";
import { mustUpgrade } from "./serve-upgrade.ts";
import { ServedCall } from "./served-call.ts";

export interface PublicCall {
  readonly hosted: HostedEndpoint;
  /** Percent-decoded, in the order in which the endpoint's path names them. */
  readonly params: readonly string[];
  /** As the endpoint shall see them. */
  readonly headers: RequestHeaders;
  readonly requestId: string;
  /** The gateway's span. */
  readonly parent: SpanContext | undefined;
  /** undefined: nobody that is known. */
  readonly identity: Identity | undefined;
  /** What the gateway does to the head of every answer, for endpoints that write their answers themselves. */
  readonly completeHeaders?: (headers: OutgoingResponse["headers"]) => void;
}

/** Never rejects: what goes wrong is in the response. */
export function serveRequest(call: PublicCall, request: IncomingRequest): Promise<OutgoingResponse> {
  const { kind } = call.hosted.endpoint;
  if (kind === "raw") return serveRaw(call, request);
  if (kind === "static") return serveStatic(call, request);
  return serveTyped(call, request);
}

async function serveTyped(call: PublicCall, request: IncomingRequest): Promise<OutgoingResponse> {
  const { hosted } = call;
  const cancellation = new Cancellation(undefined);
  cancelWhenGone(hosted, request, cancellation);
  const { method, path, query, deadlineAt } = request;
  const served = new ServedCall(hosted, call.parent, call.requestId, deadlineAt, undefined, cancellation);
  served.outside = { method, path, query, params: call.params, headers: call.headers };
  let lasting: OutgoingResponse | undefined;
  try {
    const input = await decodeIn(served, call, request);
    if (yieldsItems(hosted.endpoint)) {
      const format = publicFormat(hosted);
      // Nobody would ever read what the handler yields.
      if (method === "HEAD") return { status: 200, headers: { ...format.headers }, body: null };
      lasting = await respondWithItems(hosted, served, input, call.headers, format);
      return lasting;
    }
    const { body, headers, status } = await invoke(hosted, served, input, encodeAnswer);
    recordResponseText(served, body);
    return respond(body, headers, status);
  } catch (error) {
    return respondError(normalizeError(error), {}, hosted.codec.errors);
  } finally {
    endCall(served, lasting);
  }
}

export function encodeAnswer(
  hosted: HostedEndpoint,
  value: unknown,
  response: HandlerResponse | undefined,
): EncodedResponse {
  return addResponse(encode(hosted, value), response);
}

/** That a listener leaves is how a stream of events ends, and no reason to stop what its handler still has to put in order. */
export function cancelWhenGone(hosted: HostedEndpoint, request: IncomingRequest, cancellation: Cancellation): void {
  if (hosted.endpoint.kind !== "sse") request.onClientGone(() => cancellation.cancel(hosted.callerGone()));
}

/** With the answer, or with the last byte of one that goes on. */
export function endCall(served: ServedCall, lasting: OutgoingResponse | undefined): void {
  const end = () => {
    served.cancellation.release();
    served.end();
  };
  if (lasting?.body instanceof Readable) lasting.body.once("close", end);
  else end();
}

async function decodeIn(served: ServedCall, call: PublicCall, request: IncomingRequest): Promise<unknown> {
  try {
    if (mustUpgrade(call.hosted.endpoint)) throw new RequestError("upgrade_required", { endpoint: call.hosted.name });
    authenticate(call.hosted, served, call.identity);
    return await decode(call.hosted, call.params, call.headers, request);
  } catch (error) {
    // A body that breaks off is the client's doing, not an error of ours.
    throw failed(served, served.cancellation.reason ?? error);
  }
}
