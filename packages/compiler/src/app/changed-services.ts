// Tells which services a running app must load again after a build.
import type { Graph, Location } from "@tenon/model";
import type { BuildManifest } from "../emit/files/write-build.ts";

export interface BuildState {
  readonly graph: Graph;
  readonly manifest: BuildManifest;
}

/** Services whose bundle, codecs or contract moved, and those that call one whose codecs moved. null before: all. */
export function changedServices(before: BuildState | null, now: BuildState): string[] {
  const names = now.graph.services.map(({ name }) => name);
  if (before === null) return names;
  const [contractsBefore, contractsNow] = [contracts(before.graph), contracts(now.graph)];
  const moved = (name: string, part: "bundle" | "codecs") =>
    before.manifest.services[name]?.[part] !== now.manifest.services[name]?.[part];
  // Every service may be told for whom it is called.
  const isAuthMoved = (now.graph.authHandlers ?? []).some(({ service }) => moved(service, "codecs"));
  if (isAuthMoved) return names;
  return now.graph.services
    .filter(
      (service) =>
        moved(service.name, "bundle") ||
        moved(service.name, "codecs") ||
        service.calls.some((call) => moved(call.service, "codecs")) ||
        contractsBefore.get(service.name) !== contractsNow.get(service.name),
    )
    .map(({ name }) => name);
}

/** What the graph says of each service but for places in files, which move with every line added above. */
function contracts(graph: Graph): ReadonlyMap<string, string> {
  return new Map(
    graph.services.map((service) => {
      const parts = [
        {
          ...service,
          endpoints: service.endpoints.map(withoutPlace),
          middleware: (service.middleware ?? []).map(withoutPlace),
        },
        // Any service may be called for somebody; what they look like is everybody's business.
        (graph.authHandlers ?? []).map(withoutPlace),
        graph.databases.filter((database) => service.databases.includes(database.name)).map(withoutPlace),
        graph.secrets.filter((secret) => secret.services.includes(service.name)).map((secret) => secret.name),
      ];
      return [service.name, JSON.stringify(parts)];
    }),
  );
}

function withoutPlace<Item extends { readonly location: Location }>({ location: _, ...rest }: Item) {
  return rest;
}
