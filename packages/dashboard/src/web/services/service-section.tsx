// One service: where it lives, what it uses, who uses it, and its endpoints as a table.
import type { Graph, Service } from "@tenon/model";
import type { ReactNode } from "react";
import { CallIcon, DatabaseIcon } from "../shell/icons.tsx";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { EndpointRows } from "./endpoint-rows.tsx";

export function ServiceSection({ service, graph }: { readonly service: Service; readonly graph: Graph }) {
  const headingId = `service-${service.name}`;
  return (
    <section className="service" aria-labelledby={headingId}>
      <div className="service-head">
        <h2 id={headingId}>
          <ServiceChip service={service.name} />
        </h2>
        <code className="muted">{service.directory}/</code>
        <Link href={`/traces?service=${encodeURIComponent(service.name)}`}>Traces</Link>
      </div>
      {service.description !== undefined && <p className="service-description">{service.description}</p>}
      <Edges service={service} graph={graph} />
      <table className="endpoints">
        <caption className="visually-hidden">Endpoints of {service.name}</caption>
        <thead>
          <tr>
            <th scope="col">Endpoint</th>
            <th scope="col">Route</th>
            <th scope="col">Access</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {service.endpoints.map((endpoint) => (
            <EndpointRows key={endpoint.name} service={service.name} endpoint={endpoint} schemas={graph.schemas} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the service uses, and who uses it. */
function Edges({ service, graph }: { readonly service: Service; readonly graph: Graph }) {
  const callers = graph.services.flatMap((other) =>
    other.calls
      .filter((call) => call.service === service.name)
      .map((call) => ({ from: other.name, endpoint: call.endpoint })),
  );
  return (
    <dl className="edges">
      {service.databases.length > 0 && (
        <Edge word="Database" icon={<DatabaseIcon />}>
          {service.databases.join(", ")}
        </Edge>
      )}
      {service.calls.length > 0 && (
        <Edge word="Calls" icon={<CallIcon />}>
          {service.calls.map((call) => `${call.service}.${call.endpoint}`).join(", ")}
        </Edge>
      )}
      {callers.length > 0 && (
        <Edge
          word="Called by"
          icon={
            <span className="incoming">
              <CallIcon />
            </span>
          }
        >
          {callers.map((call) => `${call.from} → ${call.endpoint}`).join(", ")}
        </Edge>
      )}
      {service.secrets.length > 0 && <Edge word="Secrets">{service.secrets.join(", ")}</Edge>}
    </dl>
  );
}

function Edge({
  word,
  icon,
  children,
}: {
  readonly word: string;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>
        {icon !== undefined && <span className="edge-icon">{icon}</span>} {word}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
