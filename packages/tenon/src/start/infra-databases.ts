// `sql_servers` of infra.json: PostgreSQL servers and the declared databases that are on them.
import type { DatabaseConfig } from "@tenon/runtime";
import { readHost } from "./infra-redis.ts";
import { sqlTlsParameters } from "./infra-sql-tls.ts";
import type { InfraValues, Settings } from "./infra-values.ts";

const databaseKeys = ["name", "username", "password", "min_connections", "max_connections", "client_cert"];

export function readDatabases(value: unknown, values: InfraValues): Record<string, DatabaseConfig> {
  const databases: Record<string, DatabaseConfig> = {};
  values.array(value ?? [], "sql_servers").forEach((item, index) => {
    const at = `sql_servers[${index}]`;
    const server = values.object(item, at);
    values.only(server, ["host", "tls_config", "databases"], at);
    const host = values.text(server["host"], `${at}.host`);
    readHost(host, at, values);
    for (const [name, one] of Object.entries(values.object(server["databases"] ?? {}, `${at}.databases`))) {
      const databaseAt = `${at}.databases.${name}`;
      if (databases[name] !== undefined)
        values.problems.push(`${databaseAt}: the database "${name}" is on another server of this file too`);
      databases[name] = readDatabase({ host, name, at: databaseAt, server, serverAt: at }, one, values);
    }
  });
  return databases;
}

export interface DatabasePlace {
  readonly host: string;
  readonly name: string;
  readonly at: string;
  readonly server: Settings;
  readonly serverAt: string;
}

function readDatabase(place: DatabasePlace, value: unknown, values: InfraValues): DatabaseConfig {
  const database = values.object(value, place.at);
  values.only(database, databaseKeys, place.at);
  return {
    connectionString: connectionStringOf(place, database, values),
    ...readConnections(database, place.at, values),
  };
}

/** Of one database on a server whose host has been looked at. */
export function connectionStringOf(place: DatabasePlace, database: Settings, values: InfraValues): string {
  const { host, name, at, server, serverAt } = place;
  // What is no host has been told of; the other keys are looked at all the same.
  const url = new URL(URL.canParse(`postgres://${host}`) ? `postgres://${host}` : "postgres://unknown");
  const onServer = database["name"] === undefined ? name : values.text(database["name"], `${at}.name`);
  url.pathname = `/${encodeURIComponent(onServer)}`;
  url.username = encodeURIComponent(values.text(database["username"], `${at}.username`));
  if (database["password"] !== undefined)
    url.password = encodeURIComponent(values.text(database["password"], `${at}.password`));
  const wanted = { config: server["tls_config"], clientCert: database["client_cert"], at: serverAt, databaseAt: at };
  for (const [key, parameter] of Object.entries(sqlTlsParameters(wanted, values))) url.searchParams.set(key, parameter);
  return url.href;
}

function readConnections(
  database: Settings,
  at: string,
  values: InfraValues,
): Pick<DatabaseConfig, "maxConnections" | "minConnections"> {
  const max = values.count(database["max_connections"], 1, `${at}.max_connections`);
  const min = values.count(database["min_connections"], 0, `${at}.min_connections`);
  if (max !== undefined && min !== undefined && min > max)
    values.problems.push(`${at}.min_connections (${min}) must not be more than max_connections (${max})`);
  return {
    ...(max === undefined ? {} : { maxConnections: max }),
    ...(min === undefined || min === 0 ? {} : { minConnections: min }),
  };
}
