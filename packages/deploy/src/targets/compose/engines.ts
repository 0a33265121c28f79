// Which engines stand beside the app, under which names, and who uses them.
import { DeployError } from "../../deploy-error.ts";
import { type Deployment, edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import type { ComposeSettings } from "./settings.ts";

export const postgres = "postgres";
export const broker = "broker";
export const objects = "objects";
export const collector = "collector";
/** Jobs: each start runs them again, and they change what is not as it should be. */
export const databasesJob = "databases";
export const bucketsJob = "buckets";

export function cacheName(cache: string): string {
  return `cache-${cache.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

export function migrateJob(unit: string): string {
  return `migrate-${unit}`;
}

/** Names of the engines that a unit talks to, sorted. */
export function enginesOf(deployment: Deployment, { name }: Unit, settings: ComposeSettings): readonly string[] {
  const isWithTopics = usesTopics(deployment, name);
  const hasDatabase = edgesOf(deployment, name, "database").length > 0;
  const engines = [
    ...(hasDatabase || (isWithTopics && settings.broker === "postgres") ? [postgres] : []),
    ...(isWithTopics && settings.broker !== "postgres" ? [broker] : []),
    ...(edgesOf(deployment, name, "bucket").length > 0 ? [objects] : []),
    ...edgesOf(deployment, name, "cache").map(({ cache }) => cacheName(cache)),
    ...(settings.otlpEndpoint === undefined ? [collector] : []),
  ];
  return engines.sort();
}

export function allEngines(deployment: Deployment, settings: ComposeSettings): ReadonlySet<string> {
  return new Set(deployment.units.flatMap((unit) => enginesOf(deployment, unit, settings)));
}

/** Whether messages are kept in a database of their own. */
export function keepsMessages(deployment: Deployment, settings: ComposeSettings): boolean {
  return settings.broker === "postgres" && deployment.units.some(({ name }) => usesTopics(deployment, name));
}

/** Names of the databases that code uses, sorted: what is only declared is nobody's to reach. */
export function usedDatabases({ edges }: Deployment): readonly string[] {
  const names = edges.flatMap((edge) => (edge.kind === "database" ? [edge.database] : []));
  return [...new Set(names)].sort();
}

export function usedBuckets({ buckets, edges }: Deployment): Deployment["buckets"] {
  return buckets.filter(({ name }) => edges.some((edge) => edge.kind === "bucket" && edge.bucket === name));
}

export function usedCaches({ caches, edges }: Deployment): Deployment["caches"] {
  return caches.filter(({ name }) => edges.some((edge) => edge.kind === "cache" && edge.cache === name));
}

export function usedSecrets({ secrets, edges }: Deployment): readonly string[] {
  return secrets.filter((name) => edges.some((edge) => edge.kind === "secret" && edge.secret === name));
}

/** The units that run migrations before anything of them starts. */
export function migratingUnits({ databases }: Deployment): readonly string[] {
  const owners = databases.filter(({ hasMigrations, needsOutbox }) => hasMigrations || needsOutbox);
  return [...new Set(owners.map(({ unit }) => unit))].sort();
}

/** Throws DeployError `name_not_deployable`: a unit and an engine cannot have one name, since that is their address. */
export function refuseSharedNames(deployment: Deployment, settings: ComposeSettings): void {
  const taken = new Set([
    ...allEngines(deployment, settings),
    databasesJob,
    bucketsJob,
    ...migratingUnits(deployment).map(migrateJob),
  ]);
  const unit = deployment.units.find(({ name }) => taken.has(name));
  if (unit === undefined) return;
  throw new DeployError(
    "name_not_deployable",
    `the process "${unit.name}" would have the name of a container that Tenon adds`,
    `Put its services in a group of another name in "placement" of tenon.json.`,
  );
}
