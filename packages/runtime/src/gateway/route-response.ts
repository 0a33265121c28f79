// The answers to requests that no endpoint answers, the same at a gateway and at a process behind it.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { respondRefusal } from "../call/respond.ts";
import type { RouteMatch } from "../call/route.ts";

/** 404, 405 with Allow, 400 for bad percent-encoding; 204 with Allow for OPTIONS. */
export function respondUnrouted(
  request: IncomingRequest,
  match: Exclude<RouteMatch<unknown>, { kind: "found" }>,
): OutgoingResponse {
  const { method, path } = request;
  if (match.kind === "bad-encoding") return respondRefusal("bad_path_encoding", { segment: match.segment });
  if (match.kind === "not-found") {
    if (method === "OPTIONS" && path === "*") return { status: 204, headers: {}, body: null };
    return respondRefusal("route_not_found", { method, path });
  }
  const allow = match.allow.join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { allow }, body: null };
  return respondRefusal("method_not_allowed", { method, path, allow }, { allow });
}
