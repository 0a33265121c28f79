// Emits `clients/index.js`: the functions behind the client interfaces. Each client is marked pure, so that a bundle keeps only
// those that its service uses.
import type { Graph } from "@tenon/model";
import { type ClientEndpoint, type ClientService, clientName, hasRef, sortedServices } from "./client-service.ts";

/** `graph`: what is known of the types; endpoints that it lacks are taken to have a request. */
export function emitClientsModule(services: readonly ClientService[], graph: Graph | null): string {
  const lines = [
    "// Written by Tenon from the services of this app; rewritten on every change.",
    'import { clientMethod, clientMethodWithoutRequest, rawClientMethod } from "tenon/internal/client";',
  ];
  for (const service of sortedServices(services)) {
    lines.push("", `export const ${clientName(service.name)} = {`);
    for (const endpoint of service.endpoints) {
      const { name } = endpoint;
      const create = methodFor(endpoint, takesNothing(graph, service.name, name));
      lines.push(`  ${name}: /* @__PURE__ */ ${create}(${JSON.stringify(service.name)}, ${JSON.stringify(name)}),`);
    }
    if (hasRef(service)) lines.push(`  ref: () => ${clientName(service.name)},`);
    lines.push("};");
  }
  return `${lines.join("\n")}\n`;
}

function methodFor({ kind }: ClientEndpoint, takesNothing: boolean): string {
  if (kind === "raw") return "rawClientMethod";
  return takesNothing ? "clientMethodWithoutRequest" : "clientMethod";
}

function takesNothing(graph: Graph | null, service: string, endpoint: string): boolean {
  const known = graph?.services.find(({ name }) => name === service)?.endpoints.find(({ name }) => name === endpoint);
  return known !== undefined && known.request === undefined;
}
