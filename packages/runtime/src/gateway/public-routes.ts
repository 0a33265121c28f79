// The table of what can be reached from outside: exposed endpoints and nothing else, so that a private one looks like none at all.
import type { Endpoint, Graph } from "@tenon/model";
import { createRouter, type Router } from "../call/route.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { HostError } from "../lifecycle/host-error.ts";
import type { PlainRoute } from "./plain-route.ts";

export interface PublicEndpoint {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** "orders.create" */
  readonly name: string;
  /** In this process; undefined: in another one. */
  readonly hosted: HostedEndpoint | undefined;
  /** The short way for its requests, where there is one. */
  readonly plain: PlainRoute | undefined;
}

export interface PublicRoutesOptions {
  /** Default: all. */
  readonly isIncluded?: (service: string) => boolean;
  /** Default: all. */
  readonly isServed?: (endpoint: Endpoint) => boolean;
  /** By "service.endpoint". */
  readonly hosted: ReadonlyMap<string, HostedEndpoint>;
  readonly plainOf: (hosted: HostedEndpoint | undefined) => PlainRoute | undefined;
}

/** Throws HostError `route_conflict`. */
export function publicRoutes(graph: Graph, options: PublicRoutesOptions): Router<PublicEndpoint> {
  const { isIncluded = () => true, isServed = () => true, hosted, plainOf } = options;
  const describe = (service: string, endpoint: Endpoint): PublicEndpoint => {
    const name = `${service}.${endpoint.name}`;
    const own = hosted.get(name);
    return { service, endpoint, name, hosted: own, plain: plainOf(own) };
  };
  const routes = graph.services
    .filter((service) => isIncluded(service.name))
    .flatMap((service) =>
      service.endpoints
        .filter((endpoint) => endpoint.expose && isServed(endpoint))
        .map((endpoint) => ({
          methods: endpoint.methods,
          segments: endpoint.path.segments,
          restCanBeEmpty: endpoint.kind === "raw" || endpoint.kind === "static",
          value: describe(service.name, endpoint),
        })),
    );
  return createRouter(routes, (first, second, method) => {
    return new HostError("route_conflict", {
      first: first.name,
      second: second.name,
      method,
      path: second.endpoint.path.pattern,
    });
  });
}
