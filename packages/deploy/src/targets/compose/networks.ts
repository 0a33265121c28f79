// Who can talk to whom: a network of its own for each pair that has something to say, and one for each container that may reach the outside.
// A network of Docker has no directions and no rules inside, so two users of one database would reach each other if they shared it.
import { createHash } from "node:crypto";
import { DeployError } from "../../deploy-error.ts";
import { calledUnits, type Deployment } from "../../deployment/deployment.ts";
import type { ComposeNetwork } from "./compose-file.ts";
import { bucketsJob, collector, databasesJob, enginesOf, objects, postgres } from "./engines.ts";
import type { ComposeSettings } from "./settings.ts";

/** Each has 30 addresses: some replicas, a job, the router. */
const networkBits = 27;

/** `from` opens connections to `to`. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

export function linksOf(deployment: Deployment, settings: ComposeSettings): readonly Link[] {
  const links = deployment.units.flatMap((unit) => [
    ...calledUnits(deployment, unit.name).map((to) => ({ from: unit.name, to })),
    ...enginesOf(deployment, unit, settings).map((to) => ({ from: unit.name, to })),
  ]);
  if (links.some(({ to }) => to === postgres)) links.push({ from: databasesJob, to: postgres });
  if (links.some(({ to }) => to === objects)) links.push({ from: bucketsJob, to: objects });
  return links;
}

/** Two units may call each other: that is one network. An underscore is in no name of a container. */
export function networkOf({ from, to }: Link): string {
  return [from, to].sort().join("_");
}

/** Those that a container is in, sorted; the one named like it leads out. */
export function networksOf(name: string, links: readonly Link[], hasOutside: boolean): readonly string[] {
  const shared = links.filter(({ from, to }) => from === name || to === name).map(networkOf);
  return [...new Set(hasOutside ? [...shared, name] : shared)].sort();
}

/** Networks that lead out are kept apart by Docker; Podman has to be told, and Docker does not mind. */
const apart = { isolate: "true" } as const;

/** Throws DeployError `setting_invalid` where the range is too small. */
export function networks(
  deployment: Deployment,
  links: readonly Link[],
  settings: ComposeSettings,
): Record<string, ComposeNetwork> {
  const outside = deployment.units.map(({ name }) => name);
  if (links.some(({ to }) => to === collector)) outside.push(collector);
  if (settings.objectsUrl !== undefined && links.some(({ to }) => to === objects)) outside.push(objects);
  const names = [...new Set([...links.map(networkOf), ...outside])].sort();
  const subnets = assignSubnets(names, settings.subnet);
  return Object.fromEntries(
    names.map((name) => {
      const ipam = { config: [{ subnet: subnets.get(name)! }] } as const;
      return [name, outside.includes(name) ? { driver_opts: apart, ipam } : { internal: true, ipam }];
    }),
  );
}

/**
 * Docker's own pools end after some 30 networks, so each is given its addresses. They follow from the name: another edge in the app leaves
 * the networks of the others where they are.
 */
export function assignSubnets(names: readonly string[], range: string): ReadonlyMap<string, string> {
  const [address, bits] = range.split("/") as [string, string];
  const slots = 2 ** (networkBits - Number(bits));
  if (names.length > slots) {
    const problem = `the range ${range} has room for ${slots} networks, and the app needs ${names.length}`;
    throw new DeployError("setting_invalid", problem, "Give a larger one: --subnet 10.213.0.0/16.");
  }
  const size = 2 ** (32 - networkBits);
  const all = numberOf(address);
  const start = all - (all % (slots * size));
  const taken = new Set<number>();
  const subnets = names.toSorted().map((name) => {
    let slot = createHash("sha256").update(name).digest().readUInt32BE(0) % slots;
    while (taken.has(slot)) slot = (slot + 1) % slots;
    taken.add(slot);
    return [name, `${addressOf(start + slot * size)}/${networkBits}`] as const;
  });
  return new Map(subnets);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
