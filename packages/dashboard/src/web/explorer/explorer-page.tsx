// The API explorer: choose an endpoint, fill in a form, send, and see what came back and the trace it left.
import type { Endpoint, Graph } from "@tenon/model";
import { useEffect } from "react";
import { useAddress } from "../shell/address.ts";
import { useAppGraph } from "../shell/app-graph.tsx";
import { Link } from "../shell/link.tsx";
import { EndpointCall } from "./endpoint-call.tsx";
import { EndpointList } from "./endpoint-list.tsx";

export function ExplorerPage() {
  const { graph, status, failure } = useAppGraph();
  const chosen = useAddress().searchParams.get("endpoint");
  useEffect(() => {
    document.title = `${chosen ?? "Explorer"} · Tenon`;
  }, [chosen]);
  if (graph === undefined) {
    return failure === undefined ? (
      <p className="loading" role="status">
        Loading the app
      </p>
    ) : (
      <p className="notice error" role="alert">
        The app's graph could not be fetched: {failure.message}
      </p>
    );
  }
  const found = findEndpoint(graph, chosen);
  return (
    <>
      <div className="page-head">
        <h1>Explorer</h1>
        <a className="openapi-link" href="/api/openapi.json">
          OpenAPI document
        </a>
      </div>
      <div className={found === undefined ? "explorer" : "explorer has-chosen"}>
        <EndpointList graph={graph} chosen={chosen} />
        {found === undefined ? (
          <p className="muted explorer-nothing">
            {chosen === null ? "Choose an endpoint to call it." : `The app has no endpoint ${chosen}.`}
          </p>
        ) : (
          <div className="explorer-call">
            <Link href="/explorer" className="back-to-list">
              All endpoints
            </Link>
            <EndpointCall
              key={chosen}
              service={found.service}
              endpoint={found.endpoint}
              graph={graph}
              gateway={status?.gateway}
            />
          </div>
        )}
      </div>
    </>
  );
}

function findEndpoint(graph: Graph, name: string | null): { service: string; endpoint: Endpoint } | undefined {
  for (const service of graph.services) {
    const endpoint = service.endpoints.find((one) => `${service.name}.${one.name}` === name);
    if (endpoint !== undefined) return { service: service.name, endpoint };
  }
  return undefined;
}
