// `redis` of infra.json: the server of each cache cluster.
import type { CacheConfig, CacheServer } from "@tenon/runtime";
import type { InfraValues, Settings } from "./infra-values.ts";

const clusterKeys = [
  "host",
  "database_index",
  "auth",
  "key_prefix",
  "tls_config",
  "min_connections",
  "max_connections",
  "in_memory",
];

const tlsKeys = ["disabled", "ca", "client_cert", "disable_tls_hostname_verification", "disable_ca_validation"];

export function readRedis(value: unknown, values: InfraValues): CacheConfig["clusters"] {
  const clusters = Object.entries(values.object(value, "redis"));
  return Object.fromEntries(
    clusters.map(([name, one]) => [name, readServer(values.object(one, `redis.${name}`), `redis.${name}`, values)]),
  );
}

function readServer(cluster: Settings, at: string, values: InfraValues): CacheServer {
  values.only(cluster, clusterKeys, at);
  if (values.flag(cluster["in_memory"], `${at}.in_memory`)) {
    values.problems.push(
      `${at}.in_memory is not supported: each replica would have a cache of its own; name a Redis or Valkey server in ${at}.host`,
    );
  }
  readConnections(cluster, at, values);
  const database = values.count(cluster["database_index"], 0, `${at}.database_index`);
  const prefix = cluster["key_prefix"];
  return {
    ...readHost(values.text(cluster["host"], `${at}.host`), at, values),
    ...(database === undefined ? {} : { database }),
    ...readAuth(cluster["auth"], `${at}.auth`, values),
    ...(prefix === undefined ? {} : { keyPrefix: values.text(prefix, `${at}.key_prefix`) }),
    ...readTls(cluster["tls_config"], `${at}.tls_config`, tlsKeys, values),
  };
}

/** One connection serves a whole process, so any number of at least one is kept to. */
function readConnections(cluster: Settings, at: string, values: InfraValues): void {
  const min = values.count(cluster["min_connections"], 0, `${at}.min_connections`) ?? 0;
  values.count(cluster["max_connections"], 1, `${at}.max_connections`);
  if (min > 1)
    values.notices.push(
      `${at}.min_connections: one connection carries all operations of a process, ${min} are not opened`,
    );
}

/** "cache.internal" or "cache.internal:6379". */
export function readHost(text: string, at: string, values: InfraValues): { host: string; port: number } {
  const match = /^(\[[^\]]+\]|[^:/]+)(?::(\d{1,5}))?$/.exec(text);
  const isHost = match !== null && Number(match[2] ?? 1) <= 65_535;
  if (!isHost && values.isKnown(text)) values.problems.push(`${at}.host must be a host with or without a port`);
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
  // "auth" is what the documentation of Encore.ts writes for it.
  if (auth["type"] !== "auth_string" && auth["type"] !== "auth")
    values.problems.push(`${at}.type must be "acl" or "auth_string"`);
  return { password: values.text(auth["auth_string"], `${at}.auth_string`) };
}

/** Absent: without TLS. `keys`: those that the engine has a use for. */
export function readTls(
  value: unknown,
  at: string,
  keys: readonly string[],
  values: InfraValues,
): Pick<CacheServer, "tls"> {
  if (value === undefined) return {};
  const tls = values.object(value, at);
  values.only(tls, keys, at);
  const flag = (key: string) => values.flag(tls[key], `${at}.${key}`);
  const [skipsHostname, skipsAll] = [flag("disable_tls_hostname_verification"), flag("disable_ca_validation")];
  if (flag("disabled")) return {};
  return {
    tls: {
      ...(tls["ca"] === undefined ? {} : { ca: values.text(tls["ca"], `${at}.ca`) }),
      ...(tls["client_cert"] === undefined ? {} : readClientCert(tls["client_cert"], `${at}.client_cert`, values)),
      ...(skipsHostname ? { checkHostname: false } : {}),
      ...(skipsAll ? { checkCertificate: false } : {}),
    },
  };
}

function readClientCert(value: unknown, at: string, values: InfraValues): { cert: string; key: string } {
  const pair = values.object(value, at);
  values.only(pair, ["cert", "key"], at);
  return { cert: values.text(pair["cert"], `${at}.cert`), key: values.text(pair["key"], `${at}.key`) };
}
