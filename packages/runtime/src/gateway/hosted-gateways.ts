// The gateways whose code a service has that has just been loaded.
import type { Graph } from "@tenon/model";
import { HostError } from "../lifecycle/host-error.ts";
import type { Gateway } from "./gateway.ts";
import { HostedGateway } from "./hosted-gateway.ts";

/** `declared`: by the modules that were loaded with the service. Throws HostError `gateway_missing`. */
export function hostedGateways(graph: Graph, service: string, declared: readonly Gateway[]): HostedGateway[] {
  return (graph.gateways ?? [])
    .filter((gateway) => gateway.service === service)
    .map(({ name }) => {
      const gateway = declared.find((one) => one.name === name);
      if (gateway === undefined) throw new HostError("gateway_missing", { name, service });
      return new HostedGateway(name, service, gateway.config.onRequest ?? []);
    });
}
