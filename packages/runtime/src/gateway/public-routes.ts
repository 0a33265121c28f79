// The table of what can be reached from outside: exposed endpoints and nothing else, so that a private one looks like none at all.
import type { Endpoint, Graph } from "@tenon/model";
import { createRouter, type Router } from "../call/route.ts";
import { HostError } from "../lifecycle/host-error.ts";

export interface PublicEndpoint {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** "orders.create" */
  readonly name: string;
}

/** Throws HostError `route_conflict`. */
export function publicRoutes(
  graph: Graph,
  isIncluded: (service: string) => boolean = () => true,
  isServed: (endpoint: Endpoint) => boolean = () => true,
): Router<PublicEndpoint> {
  const routes = graph.services
    .filter((service) => isIncluded(service.name))
    .flatMap((service) =>
      service.endpoints
        .filter((endpoint) => endpoint.expose && isServed(endpoint))
        .map((endpoint) => ({
          methods: endpoint.methods,
          segments: endpoint.path.segments,
          restCanBeEmpty: endpoint.kind === "raw" || endpoint.kind === "static",
          value: { service: service.name, endpoint, name: `${service.name}.${endpoint.name}` },
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
