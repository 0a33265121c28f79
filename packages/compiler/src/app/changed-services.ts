// Tells which services a running app must load again after a build.
import type { Graph } from "@tenon/model";
import type { BuildManifest } from "../emit/files/write-build.ts";

export interface BuildState {
  readonly graph: Graph;
  readonly manifest: BuildManifest;
}

/** Services whose bundle, codecs or contract moved, and those that call one whose codecs moved. null before: all. */
export function changedServices(before: BuildState | null, now: BuildState): string[] {
  const names = now.graph.services.map(({ name }) => name);
  if (before === null) return names;
  const moved = (name: string, part: "bundle" | "codecs") =>
    before.manifest.services[name]?.[part] !== now.manifest.services[name]?.[part];
  return now.graph.services
    .filter(
      (service) =>
        moved(service.name, "bundle") ||
        moved(service.name, "codecs") ||
        service.calls.some((call) => moved(call.service, "codecs")) ||
        contract(before.graph, service.name) !== contract(now.graph, service.name),
    )
    .map(({ name }) => name);
}

/** What the graph says of a service but for places in files, which move with every line added above. */
function contract(graph: Graph, name: string): string {
  const parts = [
    graph.services.find((service) => service.name === name),
    graph.databases.filter((database) => database.service === name),
    graph.secrets.filter((secret) => secret.services.includes(name)).map((secret) => secret.name),
  ];
  return JSON.stringify(parts, (key, value: unknown) => (key === "location" ? undefined : value));
}
