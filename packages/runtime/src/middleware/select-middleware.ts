// Decides, once when a service is loaded, which middleware runs around an endpoint or a subscription.
import type { Endpoint, EndpointKind } from "@tenon/model";
import type { Middleware } from "./middleware.ts";

const STREAMS: ReadonlySet<EndpointKind> = new Set(["stream-in", "stream-out", "stream-in-out", "sse", "http-stream"]);

type Targeted = Pick<Endpoint, "expose" | "auth" | "kind" | "tags">;

/** In order of the list. */
export function middlewareFor(endpoint: Targeted, all: readonly Middleware[]): readonly Middleware[] {
  return all.filter(({ options }) => {
    const target = options?.target;
    if (target === undefined) return true;
    const agrees = (wanted: boolean | undefined, actual: boolean) => wanted === undefined || wanted === actual;
    return (
      target.isSubscription !== true &&
      agrees(target.expose, endpoint.expose) &&
      agrees(target.auth, endpoint.auth) &&
      agrees(target.isRaw, endpoint.kind === "raw") &&
      agrees(target.isStream, STREAMS.has(endpoint.kind)) &&
      (target.tags === undefined || target.tags.some((tag) => endpoint.tags.includes(tag)))
    );
  });
}

/** Middleware of endpoints reads requests; it runs around messages only where it says so. */
export function middlewareForSubscriptions(all: readonly Middleware[]): readonly Middleware[] {
  return all.filter(({ options }) => options?.target?.isSubscription === true);
}
