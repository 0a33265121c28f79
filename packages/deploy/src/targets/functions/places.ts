// The infra.json of a function: every place and every secret is an environment variable, because addresses of functions are known only when
// these are there, and secrets stay in the store of the platform.
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import { type Json, type Places, unitInfra } from "../../deployment/unit-infra.ts";
import { cachePasswordVariable, keyVariable, passwordVariable } from "../../deployment/variables.ts";
import type { FunctionSettings } from "./settings.ts";

/** "order-items" -> "TENON_URL_ORDER_ITEMS": base URL of a unit. */
export function urlVariable(unit: string): string {
  return `TENON_URL_${constantCase(unit)}`;
}

export const databaseHostVariable = "DATABASE_HOST";
/** Connection string of the database that keeps messages, or address of the broker. */
export const messagesVariable = "TENON_MESSAGES_URL";

export function cacheHostVariable(cache: string): string {
  return `${constantCase(cache)}_CACHE_HOST`;
}

export function bucketVariable(bucket: string): string {
  return `${constantCase(bucket)}_BUCKET`;
}

export interface ObjectPlace {
  readonly cloud: "aws" | "gcp" | "azure";
  /** What stands in the entry of `object_storage` beside the buckets. */
  readonly objectStorage: { readonly [key: string]: Json };
}

export function functionInfra(
  deployment: Deployment,
  unit: Unit,
  settings: FunctionSettings,
  { cloud, objectStorage }: ObjectPlace,
): { readonly [key: string]: Json } {
  const { environment, baseUrl, elsewhere, broker } = settings;
  const places: Places = {
    metadata: {
      env_name: environment,
      env_type: "production",
      cloud,
      ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    },
    internalUrl: (name) => ({ $env: urlVariable(name) }),
    sqlServer: (database) => ({
      host: { $env: databaseHostVariable },
      databases: { [database]: { name: database, username: database, password: { $env: passwordVariable(database) } } },
    }),
    pubsub: () =>
      brokerEntry(
        broker,
        deployment.edges.some(({ kind, from }) => kind === "publish" && from === unit.name),
      ),
    objectStorage: (buckets) => ({
      ...objectStorage,
      buckets: Object.fromEntries(buckets.map((bucket) => [bucket, { name: { $env: bucketVariable(bucket) } }])),
    }),
    redis: (cache) => ({
      host: { $env: cacheHostVariable(cache) },
      auth: { type: "auth_string", auth_string: { $env: cachePasswordVariable(cache) } },
    }),
    secret: (name) => ({ $env: name }),
    keyVariable,
    shutdownSeconds: 1,
  };
  const own = unitInfra(deployment, unit, places);
  const infra: { readonly [key: string]: Json } = needsKey(unit, cloud)
    ? { auth: [{ type: "key", id: 1, key: { $env: keyVariable } }], ...own }
    : own;
  const discovery = { ...(infra["service_discovery"] as Record<string, Json> | undefined) };
  for (const name of Object.keys(discovery)) {
    if (elsewhere[name] !== undefined) discovery[name] = { base_url: elsewhere[name] };
  }
  return Object.keys(discovery).length === 0 ? infra : { ...infra, service_discovery: discovery };
}

/** Whoever is called by others of the app, or by Google's clock, which comes by the same door. */
export function needsKey({ kind, hasCron }: Unit, cloud: ObjectPlace["cloud"]): boolean {
  return kind !== "app" || (cloud === "gcp" && hasCron);
}

/** A function that publishes nothing is only handed messages. */
function brokerEntry(broker: FunctionSettings["broker"], publishes: boolean): { readonly [key: string]: Json } {
  const address = { $env: messagesVariable };
  if (!publishes) return { type: "push" };
  if (broker === "postgres") return { type: "postgres", connection_string: address };
  return broker === "nats" ? { type: "nats", servers: address } : { type: "redis", url: address };
}

function constantCase(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}
