// Where the things of a deployment are, seen from its pods, and the environment variables of secret values that go with it.
import type { Deployment } from "../../deployment/deployment.ts";
import type { Json, Places } from "../../deployment/unit-infra.ts";
import { cachePasswordVariable, keyVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { objectStorageOf, pubsubOf } from "./managed-infra.ts";
import { INTERNAL_PORT } from "./ports.ts";
import type { KubernetesSettings } from "./read-settings.ts";

/** Where the ConfigMap with the authority of PostgreSQL's certificate is mounted. */
export const CA_FOLDER = "/etc/tenon-database";
const CA_FILE = `${CA_FOLDER}/ca.pem`;

export const BROKER_PASSWORD = "BROKER_PASSWORD";
export const OBJECT_STORE_ID = "OBJECTS_ACCESS_KEY_ID";
export const OBJECT_STORE_SECRET = "OBJECTS_SECRET_ACCESS_KEY";

/** The whole address of the database for messages; the cluster puts the password into it. */
export const MESSAGES_URL_VARIABLE = "TENON_MESSAGES_DATABASE_URL";

export function messagesUrl({ databaseHost, databaseWithoutTls, databaseCa }: KubernetesSettings): string {
  const tls = databaseWithoutTls
    ? ""
    : `?sslmode=verify-full${databaseCa === undefined ? "" : `&sslrootcert=${CA_FILE}`}`;
  return `postgres://${messagesDatabase}:$(${passwordVariable(messagesDatabase)})@${databaseHost}/${messagesDatabase}${tls}`;
}

export function placesOf(deployment: Deployment, settings: KubernetesSettings): Places {
  const { infra } = settings;
  return {
    metadata: {
      env_name: settings.environment,
      env_type: "production",
      ...(settings.cloud === undefined ? {} : { cloud: settings.cloud }),
      ...(settings.baseUrl === undefined ? {} : { base_url: settings.baseUrl }),
    },
    keyVariable,
    shutdownSeconds: settings.shutdownSeconds,
    internalUrl: (unit) => `http://${unit}:${INTERNAL_PORT}`,
    sqlServer: (database) => sqlServer(database, settings),
    pubsub: (unit) => pubsub(deployment, unit, settings),
    objectStorage: (buckets) =>
      infra.object_storage === undefined
        ? objectStorage(buckets, settings)
        : objectStorageOf(buckets, infra.object_storage[0]),
    redis: (cache) => infra.redis?.[cache] ?? redis(deployment, cache, settings),
    secret: (name) => ({ $env: name }),
  };
}

function objectStorage(buckets: readonly string[], { objectStoreRegion, objectStoreUrl }: KubernetesSettings) {
  return {
    type: "s3",
    region: objectStoreRegion,
    endpoint: objectStoreUrl,
    access_key_id: { $env: OBJECT_STORE_ID },
    secret_access_key: { $env: OBJECT_STORE_SECRET },
    buckets: Object.fromEntries(buckets.map((name) => [name, { name }])),
  };
}

function redis({ caches }: Deployment, cache: string, { cacheHost, cachePassword }: KubernetesSettings) {
  return {
    host: cacheHost,
    ...(cachePassword ? { auth: { type: "auth_string", auth_string: { $env: cachePasswordVariable(cache) } } } : {}),
    // One server may hold several.
    ...(caches.length > 1 ? { key_prefix: `${cache}:` } : {}),
  };
}

function sqlServer(
  database: string,
  { databaseHost, databaseWithoutTls, databaseCa, infra }: KubernetesSettings,
): { [key: string]: Json } {
  const own = { name: database, username: database, password: { $env: passwordVariable(database) } };
  if (infra.sql_servers !== undefined) return { ...infra.sql_servers[0], databases: { [database]: own } };
  return {
    host: databaseHost,
    ...(databaseWithoutTls ? { tls_config: { disabled: true } } : {}),
    ...(!databaseWithoutTls && databaseCa !== undefined ? { tls_config: { ca: { $file: CA_FILE } } } : {}),
    databases: { [database]: own },
  };
}

/** In the words of `sql_servers`. */
function messagesOn(server: { readonly [key: string]: Json }): { [key: string]: Json } {
  const password = { $env: passwordVariable(messagesDatabase) };
  return { type: "postgres", ...server, name: messagesDatabase, username: messagesDatabase, password };
}

function pubsub(
  deployment: Deployment,
  unit: string,
  { broker, brokerHost, brokerUser, infra }: KubernetesSettings,
): { readonly [key: string]: Json } {
  const password = { $env: BROKER_PASSWORD };
  switch (broker) {
    case "managed":
      return pubsubOf(deployment, unit, infra.pubsub![0]);
    case "postgres":
      return infra.sql_servers === undefined
        ? { type: "postgres", connection_string: { $env: MESSAGES_URL_VARIABLE } }
        : messagesOn(infra.sql_servers[0]);
    case "nats":
      return {
        type: "nats",
        servers: `nats://${brokerHost}`,
        ...(brokerUser === undefined ? {} : { user: brokerUser, password }),
      };
    case "redis":
      return {
        type: "redis",
        host: brokerHost,
        ...(brokerUser === undefined ? {} : { auth: { type: "acl", username: brokerUser, password } }),
      };
  }
}
