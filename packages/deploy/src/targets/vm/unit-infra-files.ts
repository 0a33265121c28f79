// The infra.json of each process, and which credentials it has to find beside it. systemd puts both into one folder that only the process
// can read (LoadCredential=), so that values are named by files relative to infra.json and stand in no environment.
import { databasesOf, type VmContext } from "./context.ts";
import { edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { type Json, unitInfra } from "../../deployment/unit-infra.ts";
import { addressVariable, plainName } from "./names.ts";
import { keyVariable, passwordVariable } from "../../deployment/variables.ts";
import { isLoopback } from "./settings.ts";

type JsonObject = { readonly [key: string]: Json };

export const MESSAGES_URL = "TENON_MESSAGES_DATABASE_URL";
export const SIGNING_KEY = "OBJECTS_SIGNING_KEY";
export const DATABASE_CA = "database-ca.pem";
const NATS_SERVERS = "NATS_SERVERS";
const REDIS_URL = "REDIS_URL";
const CACHE_PASSWORD = "CACHE_PASSWORD";
const S3_KEYS = ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;

export function infraOf(context: VmContext, unit: Unit): JsonObject {
  const { deployment, settings } = context;
  const { databaseHost, databaseCa, domain, environmentName, shutdownSeconds } = settings;
  const tls: JsonObject = isLoopback(databaseHost)
    ? { disabled: true }
    : { disabled: false, ...(databaseCa === undefined ? {} : { ca: { $file: DATABASE_CA } }) };
  const infra = unitInfra(deployment, unit, {
    metadata: {
      app_id: deployment.app,
      env_name: environmentName,
      env_type: "production",
      ...(domain === undefined ? {} : { base_url: publicUrl(context) }),
    },
    internalUrl: (other) => ({ $env: addressVariable(other) }),
    sqlServer: (database) => ({
      host: databaseHost,
      tls_config: tls,
      databases: { [database]: { username: database, password: { $file: passwordVariable(database) } } },
    }),
    pubsub: () => pubsubOf(context),
    objectStorage: (buckets) => objectStorageOf(context, buckets),
    redis: (cache) => ({
      host: settings.cacheHost,
      key_prefix: `${cache}:`,
      ...(isLoopback(settings.cacheHost)
        ? {}
        : { auth: { type: "auth_string", auth_string: { $file: CACHE_PASSWORD } }, tls_config: { disabled: false } }),
    }),
    secret: (name) => ({ $file: name }),
    keyVariable,
    shutdownSeconds,
  });
  return unit.kind === "app" ? infra : { ...infra, auth: [{ type: "key", id: 1, key: { $file: keyVariable } }] };
}

/** Names of files that the unit needs beside its infra.json, sorted. */
export function credentialsOf(context: VmContext, unit: Unit): readonly string[] {
  const { deployment, settings } = context;
  const { name } = unit;
  const broker = { postgres: MESSAGES_URL, nats: NATS_SERVERS, redis: REDIS_URL }[settings.broker];
  const hasBuckets = edgesOf(deployment, name, "bucket").length > 0;
  const hasCaches = edgesOf(deployment, name, "cache").length > 0;
  const names = [
    ...(unit.kind === "app" ? [] : [keyVariable]),
    ...databasesOf(context, unit).map(passwordVariable),
    ...edgesOf(deployment, name, "secret").map(({ secret }) => plainName(secret, "a secret")),
    ...(usesTopics(deployment, name) ? [broker] : []),
    ...(hasBuckets ? (settings.objectStorage === "s3" ? S3_KEYS : [SIGNING_KEY]) : []),
    ...(hasCaches && !isLoopback(settings.cacheHost) ? [CACHE_PASSWORD] : []),
  ];
  return [...new Set(names)].sort();
}

function publicUrl({ settings: { domain, hasTls, port } }: VmContext): string {
  const isUsual = port === (hasTls ? 443 : 80);
  return `${hasTls ? "https" : "http"}://${domain}${isUsual ? "" : `:${port}`}`;
}

function pubsubOf({ settings: { broker } }: VmContext): JsonObject {
  if (broker === "nats") return { type: "nats", servers: { $file: NATS_SERVERS } };
  if (broker === "redis") return { type: "redis", url: { $file: REDIS_URL } };
  return { type: "postgres", connection_string: { $file: MESSAGES_URL } };
}

function objectStorageOf(context: VmContext, buckets: readonly string[]): JsonObject {
  const { deployment, settings } = context;
  const { app } = deployment;
  if (settings.objectStorage === "files") {
    return {
      type: "files",
      directory: `/var/lib/${app}/objects`,
      base_url: publicUrl(context),
      signing_key: { $file: SIGNING_KEY },
    };
  }
  return {
    type: "s3",
    region: settings.s3Region,
    ...(settings.s3Endpoint === undefined ? {} : { endpoint: settings.s3Endpoint }),
    access_key_id: { $file: S3_KEYS[0] },
    secret_access_key: { $file: S3_KEYS[1] },
    buckets: Object.fromEntries(buckets.map((bucket) => [bucket, { name: `${app}-${bucket}` }])),
  };
}
