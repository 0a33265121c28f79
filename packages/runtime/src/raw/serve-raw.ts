// Serves one request with a raw endpoint of this process: context, authenticate, admit by size, then the user's code writes the answer.
// There is no deadline, but a client that goes away, or gives up, aborts the context's signal and closes the response.
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ANSWERED, type IncomingRequest, type NodeExchange, type OutgoingResponse } from "../call/exchange.ts";
import { authenticate } from "../call/authenticate.ts";
import { Cancellation } from "../call/cancellation.ts";
import { runInCall } from "../call/context.ts";
import { failed } from "../call/invoke.ts";
import { normalizeError } from "../call/normalize-error.ts";
import { RequestError } from "../call/request-error.ts";
import { respondError } from "../call/respond.ts";
import type { PublicCall } from "../call/serve-request.ts";
import { ServedCall } from "../call/served-call.ts";
import { completeHead } from "./complete-head.ts";
import { limitBody } from "./limit-body.ts";
import { presentClient, presentHeaders } from "./present-headers.ts";
import { respondRawError } from "./respond-raw-error.ts";
import { runTarget } from "./run-target.ts";

export interface RawCall extends PublicCall {
  /** Name of the calling service; absent for a request from outside. */
  readonly caller?: string;
}

/** What a request has that asks to leave HTTP. */
export interface RawUpgrade {
  readonly socket: Socket;
  /** What has already arrived behind the request. */
  readonly head: Buffer;
  /** What the connection had sent by then. */
  readonly sentBytesBefore: number;
}

/** Never rejects. Resolves when the response has ended or its client is gone. */
export async function serveRaw(
  call: RawCall,
  request: IncomingRequest,
  upgrade?: RawUpgrade,
): Promise<OutgoingResponse> {
  const { hosted } = call;
  const cancellation = new Cancellation(undefined);
  request.onClientGone(() => cancellation.cancel(hosted.callerGone()));
  const served = new ServedCall(hosted, call.parent, call.requestId, undefined, call.caller, cancellation);
  const { method, path, query } = request;
  served.outside = { method, path, query, params: givenParams(call), headers: call.headers };
  try {
    admit(served, call, request);
    const exchange = request.takeOver();
    admitArrived(served, call, exchange);
    await answer(served, call, exchange, upgrade);
    return noteStatus(served, exchange, upgrade);
  } catch (error) {
    return respondError(normalizeError(error));
  } finally {
    cancellation.release();
    served.end();
  }
}

/** A rest of the path that is empty is not there at all, so that `params.path ?? "index"` does what it says. */
function givenParams({ hosted, params }: RawCall): readonly string[] {
  const last = hosted.endpoint.path.segments.at(-1);
  if (last === undefined || last.kind === "literal" || params.at(-1) !== "") return params;
  return params.slice(0, -1);
}

function admit(served: ServedCall, { hosted, identity }: RawCall, request: IncomingRequest): void {
  try {
    authenticate(hosted, served, identity);
    const limitBytes = hosted.endpoint.bodyLimitBytes;
    if (limitBytes !== null && request.bodySizeBytes !== null && request.bodySizeBytes > limitBytes) {
      throw new RequestError("body_too_large", { limitBytes });
    }
  } catch (error) {
    throw failed(served, error);
  }
}

/** A body of unannounced size that is too large already. */
function admitArrived(served: ServedCall, { hosted }: RawCall, { request }: NodeExchange): void {
  const limitBytes = hosted.endpoint.bodyLimitBytes;
  if (limitBytes === null || request.readableLength <= limitBytes) return;
  throw failed(served, new RequestError("body_too_large", { limitBytes }));
}

/** Resolves when the response is closed, whatever the handler still does. */
async function answer(
  served: ServedCall,
  call: RawCall,
  exchange: NodeExchange,
  upgrade: RawUpgrade | undefined,
): Promise<void> {
  const { request, response } = exchange;
  const fail = (thrown: unknown) => {
    const error = failed(served, served.cancellation.reason ?? thrown);
    if (isTaken(response, upgrade)) upgrade?.socket.destroy();
    else respondRawError(response, error);
    return error;
  };
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  presentHeaders(request, call.headers);
  // A caller inside of the app is no gateway whose word on the client could be taken.
  if (call.caller === undefined) presentClient(request, call.headers);
  if (call.completeHeaders !== undefined) completeHead(response, call.completeHeaders);
  const limitBytes = call.hosted.endpoint.bodyLimitBytes;
  if (limitBytes !== null && request.headers["transfer-encoding"] !== undefined) {
    limitBody(exchange, limitBytes, () => fail(new RequestError("body_too_large", { limitBytes })));
  }
  // The end of a connection that has left HTTP is how it should be.
  if (upgrade === undefined) served.cancellation.add({ cancel: fail });
  void runInCall(served, () => runTarget(call.hosted, served, exchange, upgrade)).catch(fail);
  await closed;
}

function noteStatus(served: ServedCall, { response }: NodeExchange, upgrade: RawUpgrade | undefined): OutgoingResponse {
  const status = isTaken(response, upgrade) ? 101 : response.statusCode;
  if (status === 101 || response.headersSent) served.span.set("http.response.status_code", status);
  if (status >= 500) served.span.fail();
  return { status, headers: {}, body: ANSWERED };
}

/** The user's code has sent something by itself: the connection is its own, and HTTP is over. */
function isTaken(response: ServerResponse, upgrade: RawUpgrade | undefined): boolean {
  return upgrade !== undefined && !response.headersSent && upgrade.socket.bytesWritten > upgrade.sentBytesBefore;
}
