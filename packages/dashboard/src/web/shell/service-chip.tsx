// A service's name with its colour.
import type { CSSProperties } from "react";
import { serviceColour } from "../text/service-colour.ts";
import { useServiceNames } from "./app-graph.tsx";

export function ServiceChip({ service }: { readonly service: string }) {
  const colour = serviceColour(service, useServiceNames());
  return (
    <span className="service-chip" style={{ "--service": colour } as CSSProperties}>
      <span className="service-dot" aria-hidden="true" />
      {service}
    </span>
  );
}
