// One service: where it lives, what it uses, who uses it, and its endpoints as a table.
import type { Graph, Service } from "@tenon/model";
import { Link } from "../shell/link.tsx";
import { ServiceChip } from "../shell/service-chip.tsx";
import { EndpointRows } from "./endpoint-rows.tsx";
import { ServiceEdges } from "./service-edges.tsx";

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
      <ServiceEdges service={service} graph={graph} />
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
