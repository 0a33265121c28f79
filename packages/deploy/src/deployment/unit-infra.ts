// The infra.json of one unit: the places of what it uses, and of nothing else. Where those are is the target's to say; secret values are
// named by environment variables, never written.
import { type Deployment, edgesOf, type Unit, usesTopics } from "./deployment.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** Where the things of a deployment are, in the words of docs/reference/infra.md. */
export interface Places {
  readonly metadata: JsonObject;
  /** Base URL of a unit's internal door, or where it is found. */
  internalUrl(unit: string): Json;
  /** Whose identity tokens requests to other units carry, where the platform asks for them; absent: none. */
  readonly callerIdentity?: "google";
  /** One entry of `sql_servers`, with this one database in it. */
  sqlServer(database: string): JsonObject;
  /** The entry of `pubsub` of a unit that publishes or subscribes to something. */
  pubsub(unit: string): JsonObject;
  /** An entry of `object_storage` with these buckets. */
  objectStorage(buckets: readonly string[]): JsonObject;
  /** One entry of `redis`. */
  redis(cache: string): JsonObject;
  /** Usually `{"$env": ...}`. */
  secret(name: string): Json;
  /** Environment variable with the key that units prove themselves to each other with. */
  readonly keyVariable: string;
  /** Seconds that a stopping process may take. */
  readonly shutdownSeconds: number;
}

export function unitInfra(deployment: Deployment, unit: Unit, places: Places): JsonObject {
  const { name } = unit;
  const databases = edgesOf(deployment, name, "database").map(({ database }) => places.sqlServer(database));
  const buckets = edgesOf(deployment, name, "bucket").map(({ bucket }) => bucket);
  const caches = edgesOf(deployment, name, "cache").map(({ cache }) => [cache, places.redis(cache)] as const);
  const secrets = edgesOf(deployment, name, "secret").map(({ secret }) => [secret, places.secret(secret)] as const);
  const remotes = edgesOf(deployment, name, "call").flatMap(({ to, endpoints }) =>
    calledServices(endpoints).map((service) => [service, remoteAt(places, to)] as const),
  );
  return {
    metadata: places.metadata,
    graceful_shutdown: { total: places.shutdownSeconds },
    ...(unit.kind === "app" ? {} : { auth: [{ type: "key", id: 1, key: { $env: places.keyVariable } }] }),
    ...(remotes.length === 0 ? {} : { service_discovery: sorted(remotes) }),
    ...(databases.length === 0 ? {} : { sql_servers: databases }),
    ...(usesTopics(deployment, name) ? { pubsub: [places.pubsub(name)] } : {}),
    ...(buckets.length === 0 ? {} : { object_storage: [places.objectStorage(buckets)] }),
    ...(caches.length === 0 ? {} : { redis: sorted(caches) }),
    ...(secrets.length === 0 ? {} : { secrets: sorted(secrets) }),
  };
}

function remoteAt({ callerIdentity, ...places }: Places, unit: string): JsonObject {
  const base_url = places.internalUrl(unit);
  return callerIdentity === undefined ? { base_url } : { base_url, identity_token: callerIdentity };
}

/** Of the services in the other unit only those that are called. */
function calledServices(endpoints: readonly string[]): string[] {
  return [...new Set(endpoints.map((endpoint) => endpoint.slice(0, endpoint.indexOf("."))))];
}

function sorted(entries: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
