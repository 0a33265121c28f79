// Which services share a process: all of them, or one each.
import { CommandError } from "../commands/definition.ts";

export type Topology = "single" | "per-service";

export function parseTopology(text: string): Topology {
  if (text === "single" || text === "per-service") return text;
  throw new CommandError(
    "unknown_topology",
    `there is no topology "${text}"`,
    "Use --topology single or --topology per-service.",
  );
}

/** Process name -> the services it hosts. */
export function placeServices(services: readonly string[], topology: Topology): Map<string, string[]> {
  if (topology === "single") return new Map(services.length === 0 ? [] : [["app", [...services]]]);
  return new Map(services.map((service) => [service, [service]]));
}
