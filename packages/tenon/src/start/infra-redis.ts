// `redis` of infra.json: the server of each cache cluster.
import type { CacheConfig, CacheServer } from "@tenon/runtime";

type Cluster = Record<string, unknown>;

/** How infra.json is read: what is wrong with a value is noted, and something of the right kind given in its place. */
export interface InfraValues {
  readonly problems: string[];
  object(value: unknown, at: string): Cluster;
  text(value: unknown, at: string): string;
  /** Refuses other keys. */
  only(object: Cluster, keys: readonly string[], at: string): void;
}

const clusterKeys = [
  "host",
  "database_index",
  "auth",
  "key_prefix",
  "tls_config",
  // One connection serves a whole process.
  "min_connections",
  "max_connections",
];

const tlsKeys = ["disabled", "ca", "disable_tls_hostname_verification", "disable_ca_validation"];

export function readRedis(value: unknown, values: InfraValues): CacheConfig["clusters"] {
  const clusters = Object.entries(values.object(value, "redis"));
  return Object.fromEntries(
    clusters.map(([name, one]) => [name, readServer(values.object(one, `redis.${name}`), `redis.${name}`, values)]),
  );
}

function readServer(cluster: Cluster, at: string, values: InfraValues): CacheServer {
  values.only(cluster, clusterKeys, at);
  const { database_index: database, key_prefix: prefix } = cluster;
  if (database !== undefined && !Number.isInteger(database))
    values.problems.push(`${at}.database_index must be a whole number`);
  return {
    ...readHost(values.text(cluster["host"], `${at}.host`), at, values),
    ...(typeof database === "number" ? { database } : {}),
    ...readAuth(cluster["auth"], `${at}.auth`, values),
    ...(prefix === undefined ? {} : { keyPrefix: values.text(prefix, `${at}.key_prefix`) }),
    ...readTls(cluster["tls_config"], `${at}.tls_config`, values),
  };
}

/** "cache.internal" or "cache.internal:6379". */
export function readHost(text: string, at: string, values: InfraValues): { host: string; port: number } {
  const match = /^(\[[^\]]+\]|[^:/]+)(?::(\d{1,5}))?$/.exec(text);
  const isHost = match !== null && Number(match[2] ?? 1) <= 65_535;
  if (!isHost && text !== "") values.problems.push(`${at}.host must be a host with or without a port`);
  return { host: (match?.[1] ?? "").replace(/^\[(.*)\]$/, "$1"), port: Number(match?.[2] ?? 6379) };
}

export function readAuth(value: unknown, at: string, values: InfraValues): { username?: string; password?: string } {
  if (value === undefined) return {};
  const auth = values.object(value, at);
  if (auth["type"] === "acl") {
    values.only(auth, ["type", "username", "password"], at);
    return {
      username: values.text(auth["username"], `${at}.username`),
      password: values.text(auth["password"], `${at}.password`),
    };
  }
  values.only(auth, ["type", "auth_string"], at);
  if (auth["type"] !== "auth_string") values.problems.push(`${at}.type must be "acl" or "auth_string"`);
  return { password: values.text(auth["auth_string"], `${at}.auth_string`) };
}

/** Absent: without TLS. */
export function readTls(value: unknown, at: string, values: InfraValues): Pick<CacheServer, "tls"> {
  if (value === undefined) return {};
  const tls = values.object(value, at);
  values.only(tls, tlsKeys, at);
  if (tls["disabled"] === true) return {};
  return {
    tls: {
      ...(tls["ca"] === undefined ? {} : { ca: values.text(tls["ca"], `${at}.ca`) }),
      ...(tls["disable_tls_hostname_verification"] === true ? { checkHostname: false } : {}),
      ...(tls["disable_ca_validation"] === true ? { checkCertificate: false } : {}),
    },
  };
}
