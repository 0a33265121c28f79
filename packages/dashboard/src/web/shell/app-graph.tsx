// The app's graph and status, fetched once for all pages and again when the app was reloaded.
import type { Graph } from "@tenon/model";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type AppStatus, fetchGraph, fetchStatus } from "../server/api.ts";
import { useLiveEvent } from "../server/live-events.ts";
import { useFetched } from "../server/use-fetched.ts";

interface AppGraph {
  /** undefined until it is known. */
  readonly graph: Graph | undefined;
  readonly status: AppStatus | undefined;
  /** Why the graph could not be had. */
  readonly failure: Error | undefined;
}

const Context = createContext<AppGraph>({ graph: undefined, status: undefined, failure: undefined });

export function AppGraphProvider({ children }: { readonly children: ReactNode }) {
  const graph = useFetched("graph", fetchGraph);
  const status = useFetched("status", fetchStatus);
  useLiveEvent("reload", () => {
    graph.refresh();
    status.refresh();
  });
  useLiveEvent("diagnostics", status.refresh);
  const shared = useMemo(
    () => ({ graph: graph.value, status: status.value, failure: graph.failure }),
    [graph.value, status.value, graph.failure],
  );
  return <Context value={shared}>{children}</Context>;
}

export function useAppGraph(): AppGraph {
  return useContext(Context);
}

const none: readonly string[] = [];

/** In order of name, so that each service has the same colour everywhere. */
export function useServiceNames(): readonly string[] {
  const { graph } = useAppGraph();
  return useMemo(() => graph?.services.map((service) => service.name).sort() ?? none, [graph]);
}
