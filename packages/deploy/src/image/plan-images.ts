// Which images there are to be: one of everything, one for each process of a placement, or one of some services; what each is called, which
// services are in it, and what it runs unless told otherwise.
import type { Deployment, Unit } from "../deployment/deployment.ts";

export interface PlannedImage {
  /** "ghcr.io/acme/orders:1.2". */
  readonly name: string;
  /** What of the build is in it; undefined: all. */
  readonly part: { readonly services: readonly string[]; readonly isGateway: boolean } | undefined;
  /** Of `node main.js`. */
  readonly arguments: readonly string[];
}

/** The names are those that the targets of `tenon deploy` write, given the same prefix and tag. */
export interface Naming {
  /** undefined: the app's name. */
  readonly prefix: string | undefined;
  readonly tag: string;
}

export function planWholeImage({ app }: Deployment, naming: Naming): PlannedImage {
  return { name: nameOf(app, app, naming), part: undefined, arguments: ["start"] };
}

export function planUnitImages(deployment: Deployment, naming: Naming): PlannedImage[] {
  const { app, units } = deployment;
  return units.map((unit) => {
    if (unit.kind === "app") return planWholeImage(deployment, naming);
    return { name: nameOf(app, unit.name, naming), part: partOf(unit), arguments: argumentsOf(unit) };
  });
}

/** An image of services that no placement puts together. */
export function planServicesImage({ app }: Deployment, services: readonly string[], naming: Naming): PlannedImage {
  const unit: Unit = { name: services.join("-"), kind: "services", services, hasCron: false };
  return { name: nameOf(app, unit.name.toLowerCase(), naming), part: partOf(unit), arguments: argumentsOf(unit) };
}

function nameOf(app: string, unit: string, { prefix, tag }: Naming): string {
  return `${prefix ?? app}/${unit}:${tag}`;
}

function partOf({ services, kind }: Unit) {
  return { services, isGateway: kind === "gateway" };
}

function argumentsOf({ kind, services }: Unit): string[] {
  return kind === "gateway" ? ["start", "--gateway-only"] : ["start", "--services", services.join(","), "--no-gateway"];
}
