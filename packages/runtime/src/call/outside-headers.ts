// The headers an endpoint sees of a request from outside: never those that only processes of the app say to each other, and always
// where the request came from. The same whether the endpoint lives in the gateway's process or in another.
import { INTERNAL_PREFIX } from "./call-headers.ts";
import { headerOf, type IncomingRequest, type RequestHeaders } from "./exchange.ts";

/** At the gateway: what came in, without `x-tenon-*`, with `x-forwarded-*` and the request's id. */
export function outsideHeaders(request: IncomingRequest, requestId: string): Record<string, string | string[]> {
  const headers = withoutInternal(request.headers);
  const earlier = headers["x-forwarded-for"];
  const chain = Array.isArray(earlier) ? earlier.join(", ") : earlier;
  headers["x-forwarded-for"] = chain === undefined ? request.remoteAddress : `${chain}, ${request.remoteAddress}`;
  headers["x-forwarded-proto"] ??= "http";
  headers["x-forwarded-host"] ??= headerOf(request.headers, "host") ?? "";
  headers["x-request-id"] = requestId;
  return headers;
}

/** At a process that a gateway has passed a request on to. */
export function withoutInternal(headers: RequestHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const name of Object.keys(headers)) {
    if (!name.startsWith(INTERNAL_PREFIX)) kept[name] = headers[name]!;
  }
  return kept;
}
