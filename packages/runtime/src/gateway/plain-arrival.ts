// A request of a plain route at the gateway: its id, its trace and the gateway's span, and who sends it, before the endpoint has to do with
// it.
import {
  type AuthGate,
  type Caller,
  identifyCaller,
  mayKnowCaller,
  NOBODY,
  refusalOf,
} from "../auth/identify-caller.ts";
import { APIError } from "../call/api-error.ts";
import type { CorsPolicy } from "../cors/cors-policy.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { normalizeError, recordError } from "../call/normalize-error.ts";
import { OutsideRequest } from "../call/outside-request.ts";
import { harmlessId, newRequestId } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import { log } from "../log/log.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import { endPublicRequest, startPublicRequest } from "../telemetry/request-spans.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { Arrival } from "./arrival.ts";
import { jsonLinesFor, jsonLinesWithNewId, requestIdIn } from "./json-lines.ts";
import type { PlainRoute } from "./plain-route.ts";
import { PlainVisit } from "./plain-visit.ts";

/** nginx's number for a client that did not wait. */
const CLIENT_GONE = 499;

// hot: guarded by bench/door
export class PlainArrival implements Arrival {
  readonly hosted: HostedEndpoint;
  readonly request: IncomingRequest;
  /** The client's own, or the one that was made, once it has been. */
  private givenId: string | undefined;
  /** Those of the answer, where it is in them that the request id was made. */
  private lines: string | undefined = undefined;
  /** The gateway's. */
  readonly span: RecordedSpan;
  readonly outside: OutsideRequest;
  private readonly cors: CorsPolicy;

  constructor(route: PlainRoute, params: readonly string[], request: IncomingRequest, nowMs: number) {
    const traceparent = request.header("traceparent");
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent, request.header("tracestate"));
    this.hosted = route.hosted;
    this.cors = route.cors;
    this.request = request;
    this.givenId = harmlessId(request.header("x-request-id"));
    this.span = startPublicRequest(
      route.spanTemplate(request.method),
      parent,
      request.path,
      request.remoteAddress,
      request.header("user-agent"),
      nowMs,
    );
    this.outside = new OutsideRequest(request, params, this);
  }

  /** Nobody is asked about a request that shows nothing. Never throws or rejects. */
  passGate(gate: AuthGate): OutgoingResponse | Promise<OutgoingResponse> {
    return mayKnowCaller(gate, this.outside) ? this.identify(gate) : this.enter(NOBODY);
  }

  private async identify(gate: AuthGate): Promise<OutgoingResponse> {
    let caller: Caller;
    try {
      caller = await identifyCaller(gate, this.outside, this.request, this.requestId, this.span);
    } catch (error) {
      return this.refuse(error);
    }
    return this.enter(caller);
  }

  private enter(caller: Caller): OutgoingResponse | Promise<OutgoingResponse> {
    const { hosted } = this;
    let identity: Caller["identity"];
    try {
      if (hosted.endpoint.auth && !caller.isAuthenticated) throw refusalOf(hosted.name, caller);
      identity = caller.identity;
    } catch (error) {
      return this.refuse(error);
    }
    return new PlainVisit(this, performance.now()).run(identity);
  }

  private refuse(error: unknown): OutgoingResponse {
    recordError(this.span, error);
    if (!(error instanceof APIError)) log.error(error, `a request for ${this.hosted.name} could not be passed on`);
    const response = respondError(normalizeError(error));
    this.complete(response.headers);
    this.end(response.status, false, performance.now());
    return response;
  }

  get requestId(): string {
    this.givenId ??= this.lines === undefined ? newRequestId() : requestIdIn(this.lines);
    return this.givenId;
  }

  jsonLines(): string | undefined {
    if (this.request.header("origin") !== undefined) return undefined;
    if (this.givenId !== undefined) return jsonLinesFor(this.givenId, this.span.traceparent);
    this.lines = jsonLinesWithNewId(this.span);
    return this.lines;
  }

  complete(headers: OutgoingResponse["headers"]): void {
    this.cors.applyTo(this.request, headers);
    headers["x-request-id"] = this.requestId;
    headers["traceresponse"] = this.span.traceparent;
  }

  end(status: number, isClientGone: boolean, nowMs: number): void {
    endPublicRequest(this.span, isClientGone ? CLIENT_GONE : status, nowMs);
  }
}

/** Never throws or rejects: what goes wrong is in the answer. */
// hot: guarded by bench/door
export function visitPlainRoute(
  route: PlainRoute,
  params: readonly string[],
  request: IncomingRequest,
): OutgoingResponse | Promise<OutgoingResponse> {
  const nowMs = performance.now();
  const arrival = new PlainArrival(route, params, request, nowMs);
  return route.gate === undefined ? new PlainVisit(arrival, nowMs).run(undefined) : arrival.passGate(route.gate);
}
