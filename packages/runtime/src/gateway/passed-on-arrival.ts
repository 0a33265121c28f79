// A public request that a gateway in another process has passed on: the gateway has done its part, and adds its own headers to the answer.
import type { AuthBook } from "../auth/auth-book.ts";
import { AUTH_HEADERS, type Identity } from "../auth/identity.ts";
import { CALL_HEADERS } from "../call/call-headers.ts";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { type OutsideRequest, PassedOnRequest } from "../call/outside-request.ts";
import { requestIdFrom } from "../call/request-id.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { Arrival } from "./arrival.ts";
import { PlainVisit } from "./plain-visit.ts";

const JSON_LINES = "content-type: application/json\r\n";

// hot: guarded by bench/door
class PassedOnArrival implements Arrival {
  readonly hosted: HostedEndpoint;
  readonly request: IncomingRequest;
  readonly requestId: string;
  readonly outside: OutsideRequest;
  readonly span: SpanContext | undefined;

  constructor(hosted: HostedEndpoint, params: readonly string[], request: IncomingRequest) {
    this.hosted = hosted;
    this.request = request;
    this.requestId = requestIdFrom(request.header(CALL_HEADERS.requestId));
    this.span = parseTraceparent(request.header("traceparent"), request.header("tracestate"));
    this.outside = new PassedOnRequest(request, params, this);
  }

  jsonLines(): string {
    return JSON_LINES;
  }

  complete(): void {}

  end(): void {}
}

/** Never throws or rejects but for an identity that is not what its handler gives: then two versions of the app speak to each other. */
// hot: guarded by bench/door
export function visitPassedOn(
  hosted: HostedEndpoint,
  params: readonly string[],
  request: IncomingRequest,
  auth: AuthBook,
): OutgoingResponse | Promise<OutgoingResponse> {
  const isKnown = request.header(AUTH_HEADERS.handler) !== undefined;
  const identity: Identity | undefined = isKnown ? auth.identityFrom(request.headers) : undefined;
  return new PlainVisit(new PassedOnArrival(hosted, params, request), performance.now()).run(identity);
}
