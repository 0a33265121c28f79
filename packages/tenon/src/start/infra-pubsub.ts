// `pubsub` of infra.json: the one engine that keeps the messages of all topics.
import { isAbsolute, resolve } from "node:path";
import type { MessagingConfig } from "@tenon/runtime";
import { messagesDatabase } from "../database-variable.ts";
import { connectionStringOf } from "./infra-databases.ts";
import { readAwsSnsSqs } from "./infra-aws-sns-sqs.ts";
import { readGcpPubsub } from "./infra-gcp-pubsub.ts";
import { readNsq } from "./infra-nsq.ts";
import { readAuth, readHost, readTls } from "./infra-redis.ts";
import { asReference, type InfraValues, isObject, type Settings } from "./infra-values.ts";

const at = "pubsub[0]";

/** Engines that Encore.ts has and we have not. */
const others: Readonly<Record<string, string>> = {
  azure_service_bus: "Azure Service Bus",
};

type Read = (engine: Settings, values: InfraValues) => MessagingConfig;

/** By `type`. */
const engines: Readonly<Record<string, Read>> = {
  postgres: (engine, values) => ({ kind: "postgres", connectionString: readPostgres(engine, values) }),
  nats: (engine, values) => ({ kind: "engine", module: "@tenon/nats", settings: readNats(engine, values) }),
  redis: (engine, values) => ({ kind: "engine", module: "@tenon/redis-streams", settings: readRedis(engine, values) }),
  aws_sns_sqs: (engine, values) => ({
    kind: "engine",
    module: "@tenon/aws-sns-sqs",
    settings: readAwsSnsSqs(engine, at, values),
  }),
  gcp_pubsub: (engine, values) => ({
    kind: "engine",
    module: "@tenon/gcp-pubsub",
    settings: readGcpPubsub(engine, at, values),
  }),
  nsq: (engine, values) => ({ kind: "engine", module: "@tenon/nsq", settings: readNsq(engine, at, values) }),
  module: (engine, values) => readModule(engine, values),
  push: (engine, values) => {
    values.only(engine, ["type"], at);
    return { kind: "push" };
  },
};

/** As the JSON Schema has them. */
export const engineTypes: readonly string[] = Object.keys(engines);

export function readPubsub(value: unknown, values: InfraValues): MessagingConfig | undefined {
  const items = values.array(value, "pubsub");
  if (items.length > 1) values.problems.push("pubsub: one engine keeps the messages of all topics");
  if (items[0] === undefined) return undefined;
  const engine = values.object(items[0], at);
  const { type } = engine;
  if (typeof type === "string" && Object.hasOwn(engines, type)) return engines[type]!(engine, values);
  values.problems.push(refusal(type));
  return undefined;
}

function refusal(type: unknown): string {
  const known =
    '"postgres", "nats", "redis", "nsq", "gcp_pubsub", "aws_sns_sqs", or "module" for the package of another engine';
  const name = typeof type === "string" && Object.hasOwn(others, type) ? others[type] : undefined;
  if (name === undefined) return `${at}.type must be ${known}`;
  return `${at}.type "${type}" is not supported: Tenon has no engine for ${name}; use ${known} (docs/guides/engines.md)`;
}

const postgresKeys = ["type", "connection_string", "host", "tls_config", "name", "username", "password", "client_cert"];

/** As one text, or in the words of `sql_servers`. */
function readPostgres(engine: Settings, values: InfraValues): string {
  values.only(engine, postgresKeys, at);
  const { connection_string: whole, host } = engine;
  if ((whole === undefined) === (host === undefined))
    values.problems.push(`${at} needs either connection_string or host`);
  const text = whole === undefined ? "" : values.text(whole, `${at}.connection_string`);
  if (host === undefined) return text;
  const place = { host: values.text(host, `${at}.host`), name: messagesDatabase, at, server: engine, serverAt: at };
  readHost(place.host, at, values);
  return connectionStringOf(place, engine, values);
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
const natsTlsKeys = ["disabled", "ca", "disable_ca_validation"];

function readNats(engine: Settings, values: InfraValues): Settings {
  values.only(engine, natsKeys, at);
  return {
    servers: values.text(engine["servers"], `${at}.servers`),
    ...texts(engine, values, { user: "user", password: "password", token: "token", prefix: "prefix" }),
    ...texts(engine, values, { credentials_file: "credentialsFile" }),
    ...readTls(engine["tls_config"], `${at}.tls_config`, natsTlsKeys, values),
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
const redisTlsKeys = ["disabled", "ca", "disable_tls_hostname_verification", "disable_ca_validation"];

function readRedis(engine: Settings, values: InfraValues): Settings {
  values.only(engine, redisKeys, at);
  if ((engine["url"] === undefined) === (engine["host"] === undefined)) {
    values.problems.push(`${at} needs either url or host`);
  }
  const { durability } = engine;
  const database = values.count(engine["database_index"], 0, `${at}.database_index`);
  if (durability !== undefined && durability !== "checked" && durability !== "assumed")
    values.problems.push(`${at}.durability must be "checked" or "assumed"`);
  return {
    ...(engine["url"] === undefined ? {} : { url: values.text(engine["url"], `${at}.url`) }),
    ...(engine["host"] === undefined ? {} : readHost(values.text(engine["host"], `${at}.host`), at, values)),
    ...readAuth(engine["auth"], `${at}.auth`, values),
    ...readTls(engine["tls_config"], `${at}.tls_config`, redisTlsKeys, values),
    ...texts(engine, values, { key_prefix: "keyPrefix" }),
    ...(durability === undefined ? {} : { durability }),
    ...counts(engine, values, "replicas"),
    ...(database === undefined ? {} : { database }),
  };
}

/** The rest of its keys are the engine's own: it says what is wrong with them. */
function readModule(engine: Settings, values: InfraValues): MessagingConfig {
  const { type: _type, module, ...own } = engine;
  const name = values.text(module, `${at}.module`);
  const isFile = isAbsolute(name) || /^\.{1,2}[\\/]/.test(name);
  return {
    kind: "engine",
    module: isFile ? resolve(values.folder, name) : name,
    settings: Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key, resolved(value, `${at}.${key}`, values)]),
    ),
  };
}

/** With what stands for a text ({"$env": ...}) replaced by it, at any depth. */
function resolved(value: unknown, where: string, values: InfraValues): unknown {
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, `${where}[${index}]`, values));
  if (!isObject(value)) return value;
  if (asReference(value) !== undefined) return values.text(value, where);
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
  const count = values.count(engine[key], 0, `${at}.${key}`);
  return count === undefined ? {} : { [key]: count };
}
