// `pubsub` of infra.json: the one engine that keeps the messages of all topics.
import { isAbsolute, resolve } from "node:path";
import type { MessagingConfig } from "@tenon/runtime";
import { type InfraValues, readAuth, readHost, readTls } from "./infra-redis.ts";

type Settings = Record<string, unknown>;

const at = "pubsub[0]";

/** `folder`: where relative paths of modules begin. */
export function readPubsub(value: unknown, values: InfraValues, folder: string): MessagingConfig | undefined {
  if (!Array.isArray(value)) {
    values.problems.push("pubsub must be an array");
    return undefined;
  }
  if (value.length > 1) values.problems.push("pubsub: one engine keeps the messages of all topics");
  if (value[0] === undefined) return undefined;
  const engine = values.object(value[0], at);
  switch (engine["type"]) {
    case "postgres":
      values.only(engine, ["type", "connection_string"], at);
      return {
        kind: "postgres",
        connectionString: values.text(engine["connection_string"], `${at}.connection_string`),
      };
    case "nats":
      return { kind: "engine", module: "@tenon/nats", settings: readNats(engine, values) };
    case "redis":
      return { kind: "engine", module: "@tenon/redis-streams", settings: readRedis(engine, values) };
    case "module":
      return readModule(engine, values, folder);
    default:
      values.problems.push(
        `${at}.type must be "postgres", "nats", "redis", or "module" for the package of another engine`,
      );
      return undefined;
  }
}

const natsKeys = [
  "type",
  "servers",
  "user",
  "password",
  "token",
  "credentials_file",
  "tls_config",
  "prefix",
  "replicas",
];

function readNats(engine: Settings, values: InfraValues): Settings {
  values.only(engine, natsKeys, at);
  return {
    servers: values.text(engine["servers"], `${at}.servers`),
    ...texts(engine, values, { user: "user", password: "password", token: "token", prefix: "prefix" }),
    ...texts(engine, values, { credentials_file: "credentialsFile" }),
    ...readTls(engine["tls_config"], `${at}.tls_config`, values),
    ...counts(engine, values, "replicas"),
  };
}

const redisKeys = [
  "type",
  "url",
  "host",
  "database_index",
  "auth",
  "key_prefix",
  "tls_config",
  "replicas",
  "durability",
];

function readRedis(engine: Settings, values: InfraValues): Settings {
  values.only(engine, redisKeys, at);
  if ((engine["url"] === undefined) === (engine["host"] === undefined)) {
    values.problems.push(`${at} needs either url or host`);
    return {};
  }
  const { durability } = engine;
  if (durability !== undefined && durability !== "checked" && durability !== "assumed")
    values.problems.push(`${at}.durability must be "checked" or "assumed"`);
  return {
    ...(engine["url"] === undefined
      ? readHost(values.text(engine["host"], `${at}.host`), at, values)
      : { url: values.text(engine["url"], `${at}.url`) }),
    ...readAuth(engine["auth"], `${at}.auth`, values),
    ...readTls(engine["tls_config"], `${at}.tls_config`, values),
    ...texts(engine, values, { key_prefix: "keyPrefix" }),
    ...(durability === undefined ? {} : { durability }),
    ...counts(engine, values, "replicas"),
    ...(engine["database_index"] === undefined
      ? {}
      : { database: counts(engine, values, "database_index")["database_index"] }),
  };
}

/** The rest of its keys are the engine's own: it says what is wrong with them. */
function readModule(engine: Settings, values: InfraValues, folder: string): MessagingConfig {
  const { type: _type, module, ...own } = engine;
  const name = values.text(module, `${at}.module`);
  const isFile = isAbsolute(name) || /^\.{1,2}[\\/]/.test(name);
  return {
    kind: "engine",
    module: isFile ? resolve(folder, name) : name,
    settings: Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key, resolved(value, `${at}.${key}`, values)]),
    ),
  };
}

/** With what stands for a text ({"$env": ...}) replaced by it, at any depth. */
function resolved(value: unknown, where: string, values: InfraValues): unknown {
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, `${where}[${index}]`, values));
  if (typeof value !== "object" || value === null) return value;
  if ("$env" in value || "$file" in value) return values.text(value, where);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, `${where}.${key}`, values)]),
  );
}

/** `names`: key of infra.json -> name of the setting. */
function texts(engine: Settings, values: InfraValues, names: Readonly<Record<string, string>>): Settings {
  const present = Object.entries(names).filter(([key]) => engine[key] !== undefined);
  return Object.fromEntries(present.map(([key, name]) => [name, values.text(engine[key], `${at}.${key}`)]));
}

function counts(engine: Settings, values: InfraValues, key: string): Settings {
  const value = engine[key];
  if (value === undefined) return {};
  if (!Number.isInteger(value) || Number(value) < 0) values.problems.push(`${at}.${key} must be a whole number`);
  return { [key]: value };
}
