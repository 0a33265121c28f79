// What is deployed, whatever the target: the processes of an app (units), what each of them needs, and who may reach whom. Derived from the
// graph and the placement alone; targets read this and nothing else of the graph. Sorted by name throughout.
import type { Topic } from "@tenon/model";

export interface Deployment {
  /** The app's id as a DNS label (RFC 1123). */
  readonly app: string;
  readonly units: readonly Unit[];
  /** Every use that one unit makes of something else; nothing that is not here needs to be allowed. */
  readonly edges: readonly Edge[];
  readonly databases: readonly DeployedDatabase[];
  readonly topics: readonly Topic[];
  readonly buckets: readonly { readonly name: string; readonly isPublic: boolean; readonly isVersioned: boolean }[];
  readonly caches: readonly { readonly name: string; readonly evictionPolicy: string }[];
  readonly secrets: readonly string[];
}

/**
 * Services that share a process, or the public door. `app`: all services and the door; `gateway`: the door alone; `services`: some services,
 * which only other units reach.
 */
export interface Unit {
  /** A DNS label (RFC 1123), unique in the deployment. */
  readonly name: string;
  readonly kind: "app" | "gateway" | "services";
  /** Names of services as in the graph; empty for the gateway. */
  readonly services: readonly string[];
  /** Its own cron jobs run in it. */
  readonly hasCron: boolean;
}

export interface DeployedDatabase {
  readonly name: string;
  /** The unit that runs its migrations: that of the service which owns it. */
  readonly unit: string;
  readonly hasMigrations: boolean;
  /** Messages leave and arrive in its transactions, for which `migrate` makes tables. */
  readonly needsOutbox: boolean;
  /** Topics whose messages leave in its transactions: any unit that has the database and a broker sends them on. */
  readonly leavingTopics: readonly string[];
}

/** `from` is the name of a unit. */
export type Edge =
  /** `to` is a unit. `endpoints`: "service.endpoint", those that code calls; a gateway forwards to all that are exposed. */
  | { readonly kind: "call"; readonly from: string; readonly to: string; readonly endpoints: readonly string[] }
  | { readonly kind: "database"; readonly from: string; readonly database: string }
  | { readonly kind: "publish"; readonly from: string; readonly topic: string }
  | { readonly kind: "subscribe"; readonly from: string; readonly topic: string; readonly subscription: string }
  | { readonly kind: "bucket"; readonly from: string; readonly bucket: string }
  | { readonly kind: "cache"; readonly from: string; readonly cache: string }
  | { readonly kind: "secret"; readonly from: string; readonly secret: string };

export type EdgeOf<Kind extends Edge["kind"]> = Extract<Edge, { kind: Kind }>;

/** The edges of one kind that leave a unit. */
export function edgesOf<Kind extends Edge["kind"]>(
  { edges }: Deployment,
  unit: string,
  kind: Kind,
): readonly EdgeOf<Kind>[] {
  return edges.filter((edge): edge is EdgeOf<Kind> => edge.kind === kind && edge.from === unit);
}

/** Names of the units whose internal door `unit` may use. */
export function calledUnits(deployment: Deployment, unit: string): readonly string[] {
  return edgesOf(deployment, unit, "call").map(({ to }) => to);
}

/** Whether the unit publishes or subscribes to anything. */
export function usesTopics({ edges }: Deployment, unit: string): boolean {
  return edges.some(({ kind, from }) => from === unit && (kind === "publish" || kind === "subscribe"));
}
