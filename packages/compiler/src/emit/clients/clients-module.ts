// Emits `clients/index.js`: the functions behind the client interfaces. Each client is marked pure, so that a bundle keeps only
// those that its service uses.
import type { Graph } from "@tenon/model";
import { type ClientEndpoint, type ClientService, clientName, hasRef, sortedServices } from "./client-service.ts";

/** `graph`: what is known of the types; endpoints that it lacks are taken to have a request. */
export function emitClientsModule(services: readonly ClientService[], graph: Graph | null): string {
  const lines = ["// Written by Tenon from the services of this app; rewritten on every change.", clientImport];
  for (const service of sortedServices(services)) {
    lines.push("", `export const ${clientName(service.name)} = {`);
    for (const endpoint of service.endpoints) {
      lines.push(`  ${endpoint.name}: ${clientCall(graph, service.name, endpoint)},`);
    }
    if (hasRef(service)) lines.push(`  ref: () => ${clientName(service.name)},`);
    lines.push("};");
  }
  return `${lines.join("\n")}\n`;
}

export const clientImport =
  'import { clientMethod, clientMethodWithoutRequest, rawClientMethod } from "tenon/internal/client";';

/** The expression that makes the function of one endpoint. */
export function clientCall(graph: Graph | null, service: string, endpoint: ClientEndpoint): string {
  const create = methodFor(endpoint, takesNothing(graph, service, endpoint.name));
  return `/* @__PURE__ */ ${create}(${JSON.stringify(service)}, ${JSON.stringify(endpoint.name)})`;
}

function methodFor({ kind }: ClientEndpoint, takesNothing: boolean): string {
  if (kind === "raw") return "rawClientMethod";
  return takesNothing ? "clientMethodWithoutRequest" : "clientMethod";
}

function takesNothing(graph: Graph | null, service: string, endpoint: string): boolean {
  const known = graph?.services.find(({ name }) => name === service)?.endpoints.find(({ name }) => name === endpoint);
  return known !== undefined && known.request === undefined;
}
