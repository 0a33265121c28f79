// The beginning of a request at the public door: its id, its place in a trace and the gateway's span.
import type { IncomingRequest } from "../call/exchange.ts";
import { requestIdFrom } from "../call/request-id.ts";
import type { RouteMatch } from "../call/route.ts";
import { formatTraceparent, parseTraceparent } from "../telemetry/trace-context.ts";
import { type GatewaySpan, gatewaySpan } from "./gateway-span.ts";
import type { PublicEndpoint } from "./public-routes.ts";

/** One request at the public door, on the general way. */
export interface Visit {
  readonly requestId: string;
  readonly span: GatewaySpan;
  /** In every answer. */
  readonly ownHeaders: Readonly<Record<string, string>>;
}

export function openVisit(request: IncomingRequest, match: RouteMatch<PublicEndpoint>): Visit {
  const requestId = requestIdFrom(request.header("x-request-id"));
  const caller = parseTraceparent(request.header("traceparent"), request.header("tracestate"));
  const endpoint = match.kind === "found" ? match.value.endpoint : undefined;
  const span = gatewaySpan(request, endpoint?.path.pattern, caller);
  return { requestId, span, ownHeaders: { "x-request-id": requestId, traceresponse: formatTraceparent(span.span) } };
}
