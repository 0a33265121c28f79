// What the app is made of: each service with its endpoints, their types, its databases, and who calls whom.
import type { Graph } from "@tenon/model";
import { useEffect, useState } from "react";
import { useAppGraph } from "../shell/app-graph.tsx";
import { ServiceSection } from "./service-section.tsx";

export function ServicesPage() {
  const { graph, failure } = useAppGraph();
  useEffect(() => {
    document.title = "Services · Tenon";
  }, []);
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
  return <LoadedServices graph={graph} />;
}

function LoadedServices({ graph }: { readonly graph: Graph }) {
  const [words, setWords] = useState("");
  const services = matching(graph, words);
  const endpoints = graph.services.reduce((sum, service) => sum + service.endpoints.length, 0);
  return (
    <>
      <div className="page-head">
        <h1>Services</h1>
        <p className="muted">
          {graph.services.length} services, {endpoints} endpoints, {graph.databases.length} databases
        </p>
        <label className="field inline">
          <span className="visually-hidden">Find an endpoint by name or path</span>
          <input
            type="search"
            value={words}
            placeholder="Find an endpoint"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      </div>
      {services.length === 0 && <p className="empty">Nothing matches “{words}”.</p>}
      {services.map((service) => (
        <ServiceSection key={service.name} service={service} graph={graph} />
      ))}
    </>
  );
}

/** Services reduced to the endpoints that match; a service whose own name matches keeps all. */
function matching(graph: Graph, words: string) {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return graph.services;
  return graph.services.flatMap((service) => {
    if (service.name.toLowerCase().includes(wanted)) return [service];
    const endpoints = service.endpoints.filter(({ name, path }) =>
      `${service.name}.${name} ${path.pattern}`.toLowerCase().includes(wanted),
    );
    return endpoints.length === 0 ? [] : [{ ...service, endpoints }];
  });
}
