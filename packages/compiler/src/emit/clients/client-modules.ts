// Emits the client functions for production builds, one export an endpoint: a bundle then keeps those that its service calls and is the
// same whatever else the called service has. In development `clients/index.js` is loaded as it is, with objects that tests can replace
// members of.
import type { Graph } from "@tenon/model";
import { type ClientService, clientName, hasRef, sortedServices } from "./client-service.ts";
import { clientCall, clientImport } from "./clients-module.ts";

/** Path relative to `clients/` -> text. */
export function emitClientModules(services: readonly ClientService[], graph: Graph | null): Map<string, string> {
  const sorted = sortedServices(services);
  const names = sorted.map(({ name }) => `export * as ${clientName(name)} from "./services/${name}.js";`);
  const texts = new Map([[clientsOfBuilds, `${names.join("\n")}\n`]]);
  for (const service of sorted) texts.set(`services/${service.name}.js`, serviceModule(service, graph));
  return texts;
}

/** What `~tenon/clients` is in a production build. */
export const clientsOfBuilds = "namespaces.js";

/** Exported under another name than declared, since endpoints may be called as no variable can be: "delete". */
function serviceModule(service: ClientService, graph: Graph | null): string {
  const lines = [clientImport];
  for (const endpoint of service.endpoints) {
    const variable = `${clientName(service.name)}_${endpoint.name}`;
    lines.push(`const ${variable} = ${clientCall(graph, service.name, endpoint)};`);
    lines.push(`export { ${variable} as ${endpoint.name} };`);
  }
  if (hasRef(service)) {
    lines.push(`import * as all from "./${service.name}.js";`, "export const ref = () => all;");
  }
  return `${lines.join("\n")}\n`;
}
