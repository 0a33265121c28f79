// Stand-in until room telemetry's file of this name is merged, which wins.
import type { Span } from "@tenon/model";
import type { TelemetryConfig } from "../lifecycle/host-config.ts";
import { setSink } from "./pipeline.ts";

export function configureTelemetry(
  options: TelemetryConfig & { readonly sink?: (spans: readonly Span[]) => void },
): void {
  setSink(options.sink);
}
