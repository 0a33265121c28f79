// Serves a request that another service makes of a raw endpoint: addressed by the endpoint's name, because private ones have no route.
import type { AuthBook } from "../auth/auth-book.ts";
import { CALL_HEADERS } from "../call/call-headers.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { withoutInternal } from "../call/outside-headers.ts";
import { RequestError } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import { createRouter, type Router } from "../call/route.ts";
import { respondUnrouted } from "../gateway/route-response.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import { serveRaw } from "./serve-raw.ts";

const routers = new WeakMap<HostedEndpoint, Router<HostedEndpoint>>();

/** Never rejects. */
export async function serveRawCall(
  hosted: ReadonlyMap<string, HostedEndpoint>,
  auth: AuthBook,
  request: IncomingRequest,
): Promise<OutgoingResponse> {
  const { headers } = request;
  const name = headerOf(headers, CALL_HEADERS.rawEndpoint) ?? "";
  const target = hosted.get(name);
  if (target?.endpoint.kind !== "raw") {
    const headersOfError = { [CALL_HEADERS.outcome]: "error" };
    return respondError(new RequestError("endpoint_not_hosted", { endpoint: name }), headersOfError);
  }
  const match = routerOf(target).match(request.method, request.path);
  if (match.kind !== "found") return respondUnrouted(request, match);
  const caller = headerOf(headers, CALL_HEADERS.caller);
  const call = {
    hosted: target,
    params: match.params,
    headers: withoutInternal(headers),
    requestId: requestIdFrom(headerOf(headers, CALL_HEADERS.requestId)),
    parent: parseTraceparent(headerOf(headers, "traceparent"), headerOf(headers, "tracestate")),
    identity: auth.identityFrom(headers),
    ...(caller === undefined ? {} : { caller }),
  };
  return serveRaw(call, request);
}

function routerOf(target: HostedEndpoint): Router<HostedEndpoint> {
  let router = routers.get(target);
  if (router === undefined) {
    const { methods, path } = target.endpoint;
    const route = { methods, segments: path.segments, restCanBeEmpty: true, value: target };
    router = createRouter([route], () => new Error("one route cannot be in conflict"));
    routers.set(target, router);
  }
  return router;
}
