// `infra.json` [`infra.config.json`]: where in production databases, secrets and other services are. Reads the keys this version uses;
// any other key is refused by name rather than ignored, since whoever wrote it relies on it.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type {
  CacheConfig,
  CloudProvider,
  DatabaseConfig,
  EnvironmentType,
  MessagingConfig,
  ObjectsConfig,
} from "@tenon/runtime";
import { readMetadata } from "./infra-metadata.ts";
import { readObjects } from "./infra-objects.ts";
import { readPubsub } from "./infra-pubsub.ts";
import { sqlTlsParameters } from "./infra-sql-tls.ts";
import { type InfraValues, readHost, readRedis } from "./infra-redis.ts";

export interface Infra {
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Service name -> base URL of its internal listener. */
  readonly services: Readonly<Record<string, string>>;
  /** Shared by all processes of the app; undefined when the file names none. */
  readonly credential: string | undefined;
  readonly shutdownTimeoutMs: number | undefined;
  /** What `appMeta()` tells of the place; undefined when the file says nothing of it. */
  readonly environment:
    | { readonly name?: string; readonly type?: EnvironmentType; readonly cloud?: CloudProvider }
    | undefined;
  readonly apiBaseUrl: string | undefined;
  readonly messaging: MessagingConfig | undefined;
  readonly objects: ObjectsConfig | undefined;
  /** Cluster name -> its server. */
  readonly caches: CacheConfig["clusters"];
}

/** Everything wrong with the file, at once. */
export class InfraError extends Error {
  readonly code = "infra_invalid";
  readonly hint: string;

  constructor(file: string, problems: readonly string[]) {
    super(`${file} can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.hint = "docs/reference/infra.md describes every key.";
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Says about the runtime, the image or the cloud what this version has no use for: accepted as they are. */
const informational = new Set(["$schema", "hosted_services", "hosted_gateways", "log_config"]);

/**
 * Reads and resolves the file: `{"$env": "VAR"}` stands for the value of an environment variable, `{"$file": "path"}` for the content of
 * a file. Throws InfraError.
 */
export async function readInfra(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Infra> {
  let content: Json;
  try {
    content = JSON.parse(await readFile(file, "utf8")) as Json;
  } catch (error) {
    throw new InfraError(file, [(error as Error).message]);
  }
  const reader = new Reader(environment, dirname(file));
  const infra = reader.read(content);
  if (reader.problems.length > 0) throw new InfraError(file, reader.problems);
  return infra;
}

class Reader {
  readonly problems: string[] = [];
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #folder: string;

  /** `folder`: where relative paths of the file begin. */
  constructor(environment: Readonly<Record<string, string | undefined>>, folder: string) {
    this.#environment = environment;
    this.#folder = folder;
  }

  read(content: Json): Infra {
    const root = this.#object(content, "the file");
    const known = new Set([
      ...informational,
      "metadata",
      "graceful_shutdown",
      "auth",
      "service_discovery",
      "sql_servers",
      "secrets",
      "pubsub",
      "object_storage",
      "redis",
    ]);
    for (const key of Object.keys(root)) {
      if (!known.has(key)) this.problems.push(`"${key}" is not supported by this version of Tenon`);
    }
    return {
      databases: this.#databases(root["sql_servers"] ?? []),
      secrets: this.#secrets(root["secrets"] ?? {}),
      services: this.#services(root["service_discovery"] ?? {}),
      credential: this.#credential(root["auth"] ?? []),
      shutdownTimeoutMs: this.#shutdownTimeoutMs(root["graceful_shutdown"]),
      ...readMetadata(root["metadata"], this.problems),
      messaging: readPubsub(root["pubsub"] ?? [], this.#values(), this.#folder),
      objects: readObjects(this.#array(root["object_storage"] ?? [], "object_storage"), this.#values(), this.#folder),
      caches: readRedis(root["redis"] ?? {}, this.#values()),
    };
  }

  /** What is lent to the readers of single keys. */
  #values(): InfraValues {
    return {
      problems: this.problems,
      object: (item, at) => this.#object(item as Json, at),
      text: (item, at) => this.#text(item as Json | undefined, at),
      only: (object, keys, at) => this.#only(object as JsonObject, keys, at),
    };
  }

  #databases(servers: Json): Record<string, DatabaseConfig> {
    const databases: Record<string, DatabaseConfig> = {};
    this.#array(servers, "sql_servers").forEach((item, index) => {
      const at = `sql_servers[${index}]`;
      const server = this.#object(item, at);
      this.#only(server, ["host", "tls_config", "databases"], at);
      const host = this.#text(server["host"], `${at}.host`);
      readHost(host, at, this.#values());
      for (const [name, value] of Object.entries(this.#object(server["databases"] ?? {}, `${at}.databases`))) {
        databases[name] = this.#database(host, name, value, `${at}.databases.${name}`, server["tls_config"], at);
      }
    });
    return databases;
  }

  #database(host: string, name: string, value: Json, at: string, tls: unknown, serverAt: string): DatabaseConfig {
    const database = this.#object(value, at);
    this.#only(database, ["name", "username", "password", "min_connections", "max_connections", "client_cert"], at);
    // What is no host has been told of; the other keys are looked at all the same.
    const url = new URL(URL.canParse(`postgres://${host}`) ? `postgres://${host}` : "postgres://unknown");
    url.pathname = `/${encodeURIComponent(database["name"] === undefined ? name : this.#text(database["name"], `${at}.name`))}`;
    url.username = encodeURIComponent(this.#text(database["username"], `${at}.username`));
    if (database["password"] !== undefined)
      url.password = encodeURIComponent(this.#text(database["password"], `${at}.password`));
    const wanted = { config: tls, clientCert: database["client_cert"], at: serverAt };
    const parameters = sqlTlsParameters(wanted, { ...this.#values(), folder: this.#folder });
    for (const [key, parameter] of Object.entries(parameters)) url.searchParams.set(key, parameter);
    const maxConnections = database["max_connections"];
    if (maxConnections !== undefined && !(Number.isSafeInteger(maxConnections) && Number(maxConnections) > 0))
      this.problems.push(`${at}.max_connections must be a whole number of at least 1`);
    return { connectionString: url.href, ...(typeof maxConnections === "number" ? { maxConnections } : {}) };
  }

  #secrets(value: Json): Record<string, string> {
    let content = value;
    if (isEnvReference(value)) {
      const text = this.#text(value, "secrets");
      try {
        content = JSON.parse(text) as Json;
      } catch {
        this.problems.push(`secrets: the environment variable ${value.$env} holds no JSON object`);
        return {};
      }
    }
    const entries = Object.entries(this.#object(content, "secrets"));
    return Object.fromEntries(entries.map(([name, secret]) => [name, this.#text(secret, `secrets.${name}`)]));
  }

  #services(value: Json): Record<string, string> {
    const services: Record<string, string> = {};
    for (const [name, item] of Object.entries(this.#object(value, "service_discovery"))) {
      const at = `service_discovery.${name}`;
      const service = this.#object(item, at);
      this.#only(service, ["base_url"], at);
      const url = this.#text(service["base_url"], `${at}.base_url`);
      if (!/^(https?:\/\/|unix:)/.test(url))
        this.problems.push(`${at}.base_url must begin with http:// or unix:, got "${url}"`);
      services[name] = url.replace(/\/$/, "");
    }
    return services;
  }

  #credential(value: Json): string | undefined {
    const methods = this.#array(value, "auth");
    if (methods.length > 1) this.problems.push("auth: this version uses one key; several are not supported yet");
    if (methods[0] === undefined) return undefined;
    const method = this.#object(methods[0], "auth[0]");
    this.#only(method, ["type", "id", "key"], "auth[0]");
    if (method["type"] !== "key") this.problems.push('auth[0].type must be "key"');
    const key = this.#text(method["key"], "auth[0].key");
    if (key.length < 16) this.problems.push("auth[0].key must have at least 16 characters");
    return key;
  }

  #shutdownTimeoutMs(value: Json | undefined): number | undefined {
    if (value === undefined) return undefined;
    const total = this.#object(value, "graceful_shutdown")["total"];
    if (total === undefined) return undefined;
    if (typeof total !== "number" || !(total >= 0))
      this.problems.push("graceful_shutdown.total must be a number of seconds");
    return Number(total) * 1000;
  }

  #only(object: JsonObject, keys: readonly string[], at: string): void {
    for (const key of Object.keys(object)) {
      if (!keys.includes(key)) this.problems.push(`${at}.${key} is not supported by this version of Tenon`);
    }
  }

  #object(value: Json, at: string): JsonObject {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    this.problems.push(`${at} must be an object`);
    return {};
  }

  #array(value: Json, at: string): Json[] {
    if (Array.isArray(value)) return value;
    this.problems.push(`${at} must be an array`);
    return [];
  }

  #text(value: Json | undefined, at: string): string {
    if (typeof value === "string") return value;
    if (isEnvReference(value)) {
      const text = this.#environment[value.$env];
      if (text !== undefined) return text;
      this.problems.push(`${at}: the environment variable ${value.$env} is not set`);
    } else if (isFileReference(value)) return this.#fileText(value.$file, at);
    else this.problems.push(`${at} must be a string, {"$env": "VARIABLE"} or {"$file": "PATH"}`);
    return "";
  }

  /** One line end at the end of the file is not part of the value. */
  #fileText(path: string, at: string): string {
    try {
      return readFileSync(resolve(this.#folder, path), "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      this.problems.push(`${at}: ${(error as Error).message}`);
      return "";
    }
  }
}

function isEnvReference(value: Json | undefined): value is { $env: string } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && typeof value["$env"] === "string";
}

function isFileReference(value: Json | undefined): value is { $file: string } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && typeof value["$file"] === "string";
}
