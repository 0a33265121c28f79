// Which services share a process, as `placement` of tenon.json says it.
import { DeployError } from "../deploy-error.ts";

/**
 * "single": all in one process. "per-service": one process each, and one for the public door. Or groups: name of the process -> its services;
 * a service in no group has a process of its own.
 */
export type Placement = "single" | "per-service" | Readonly<Record<string, readonly string[]>>;

/** Process -> its services, sorted. Throws DeployError `placement_invalid`. */
export function placeServices(
  services: readonly string[],
  placement: Placement,
): ReadonlyMap<string, readonly string[]> {
  if (placement === "single") return new Map([["app", services.toSorted()]]);
  const groups = placement === "per-service" ? {} : placement;
  const placed = new Map<string, string>();
  for (const [group, names] of Object.entries(groups)) {
    for (const name of names) {
      if (!services.includes(name)) {
        throw invalid(
          `"${group}" names a service "${name}" that the app does not have`,
          `It has ${services.join(", ")}.`,
        );
      }
      const other = placed.get(name);
      if (other !== undefined) throw invalid(`"${name}" is placed in "${other}" and in "${group}"`, "Name it once.");
      placed.set(name, group);
    }
  }
  const units = new Map<string, string[]>();
  for (const service of services.toSorted()) {
    const unit = placed.get(service) ?? service;
    if (unit !== service && services.includes(unit) && placed.get(unit) !== unit) {
      throw invalid(`the group "${unit}" has the name of a service that is not in it`, `Name the group otherwise.`);
    }
    units.set(unit, [...(units.get(unit) ?? []), service]);
  }
  return new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a value from a settings file or the command line. Throws DeployError `placement_invalid`. */
export function readPlacement(value: unknown): Placement {
  if (value === undefined || value === "per-service") return "per-service";
  if (value === "single") return "single";
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    const isRight = entries.every(
      ([, names]) => Array.isArray(names) && names.every((name) => typeof name === "string"),
    );
    if (isRight) return value as Record<string, string[]>;
  }
  throw invalid(
    `it is ${JSON.stringify(value)}`,
    'Write "single", "per-service", or groups: {"shop": ["orders", "payments"]}.',
  );
}

function invalid(why: string, hint: string): DeployError {
  return new DeployError("placement_invalid", `the placement can't be used: ${why}`, hint);
}
