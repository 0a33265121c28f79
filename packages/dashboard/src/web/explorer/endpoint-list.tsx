// All endpoints by service, to choose one from.
import type { Graph } from "@tenon/model";
import { useState } from "react";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";

export function EndpointList({ graph, chosen }: { readonly graph: Graph; readonly chosen: string | null }) {
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const services = graph.services
    .map((service) => ({
      name: service.name,
      endpoints: service.endpoints.filter(({ name, path }) =>
        `${service.name}.${name} ${path.pattern}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ endpoints }) => endpoints.length > 0);
  return (
    <nav className="endpoint-list" aria-label="Endpoints">
      <input
        type="search"
        value={words}
        aria-label="Find an endpoint by name or path"
        placeholder="Find an endpoint"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setWords(event.target.value)}
      />
      {services.length === 0 && <p className="muted">Nothing matches “{words}”.</p>}
      {services.map(({ name: service, endpoints }) => (
        <section key={service} aria-label={service}>
          <h2>
            <ServiceChip service={service} />
          </h2>
          <ul>
            {endpoints.map(({ name, methods, path, kind }) => (
              <li key={name}>
                <Link
                  href={`/explorer?endpoint=${encodeURIComponent(`${service}.${name}`)}`}
                  aria-current={chosen === `${service}.${name}` ? "page" : undefined}
                >
                  <span className="endpoint-name">{name}</span>
                  <span className="endpoint-route">
                    <span className="method">
                      {kind.startsWith("stream-") ? "WS" : methods.length > 2 ? "ANY" : methods.join(" ")}
                    </span>{" "}
                    {path.pattern}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
