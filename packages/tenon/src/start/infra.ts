// `infra.json` [`infra.config.json`]: where in production databases, secrets and other services are. Every key is honoured, or refused with
// the reason and what to do; none is ignored, since whoever wrote it relies on it.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Cors } from "@tenon/model";
import type {
  CacheConfig,
  CloudProvider,
  DatabaseConfig,
  EnvironmentType,
  LogLevel,
  MessagingConfig,
  MetricsPushConfig,
  ObjectsConfig,
} from "@tenon/runtime";
import { readAuth } from "./infra-auth.ts";
import { readCors } from "./infra-cors.ts";
import { readDatabases } from "./infra-databases.ts";
import { readMetadata } from "./infra-metadata.ts";
import { readMetrics } from "./infra-metrics.ts";
import { readObjects } from "./infra-objects.ts";
import { readProcess } from "./infra-process.ts";
import { readPubsub } from "./infra-pubsub.ts";
import { readRedis } from "./infra-redis.ts";
import { readSecrets } from "./infra-secrets.ts";
import { readServices } from "./infra-services.ts";
import { readSecretStore } from "./secret-stores/read-secret-store.ts";
import type { SecretStore } from "./secret-stores/secret-store.ts";
import { asReference, InfraValues, isObject, type Settings } from "./infra-values.ts";

export interface Infra {
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Service name -> base URL of its internal listener. */
  readonly services: Readonly<Record<string, string>>;
  /** Services to which requests carry the identity token that Google gives to the caller. */
  readonly identityTokens?: readonly string[];
  /** Shared by all processes of the app; undefined when the file names none. */
  readonly credential: string | undefined;
  /** Taken from others too, while a key is being replaced. */
  readonly otherCredentials?: readonly string[];
  readonly shutdownTimeoutMs: number | undefined;
  /** How long before its end the handlers, and then the services' `shutdown`, are given up. */
  readonly shutdownReserves?: { readonly handlersMs?: number; readonly hooksMs?: number };
  /** What `appMeta()` tells of the place; undefined when the file says nothing of it. */
  readonly environment:
    | { readonly name?: string; readonly type?: EnvironmentType; readonly cloud?: CloudProvider }
    | undefined;
  readonly apiBaseUrl: string | undefined;
  /** Absent: that of the build. */
  readonly appId?: string;
  readonly messaging: MessagingConfig | undefined;
  readonly objects: ObjectsConfig | undefined;
  /** Cluster name -> its server. */
  readonly caches: CacheConfig["clusters"];
  /** Absent: all. */
  readonly hostedServices?: readonly string[];
  readonly hostedGateways?: readonly string[];
  /** In place of the app's own. */
  readonly cors?: Cors;
  readonly metricsPush?: MetricsPushConfig;
  readonly workers?: number | "cores";
  readonly logLevel?: LogLevel;
  /** What is accepted, but means less than it seems to; for whoever looks after the file. */
  readonly notices?: readonly string[];
  /** Of a file that was read leniently. */
  readonly problems?: readonly string[];
}

/** Everything wrong with the file, at once. */
export class InfraError extends Error {
  readonly code = "infra_invalid";
  readonly hint: string;
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file} can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
    this.hint = "docs/reference/infra.md describes every key.";
  }
}

const rootKeys = [
  "$schema",
  "metadata",
  "graceful_shutdown",
  "auth",
  "service_discovery",
  "sql_servers",
  "redis",
  "pubsub",
  "object_storage",
  "secrets",
  "secret_store",
  "metrics",
  "used_metrics",
  "hosted_services",
  "hosted_gateways",
  "cors",
  "worker_threads",
  "log_config",
];

export interface ReadInfraOptions {
  /** References count as good, whatever they lead to: nothing but the shape of the file is looked at. */
  readonly withoutValues?: boolean;
  /** What is wrong is in the result, beside what is right, instead of being thrown. */
  readonly isLenient?: boolean;
}

/** Reads and resolves the file; a text that begins with "{" is the content itself. Throws InfraError. */
export async function readInfra(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  options: ReadInfraOptions = {},
): Promise<Infra> {
  const content = await parse(file);
  const { infra, values } = await resolveInfra(content, {
    environment,
    folder: isContent(file) ? "." : dirname(file),
    ...options,
  });
  if (values.problems.length === 0) return infra;
  if (options.isLenient === true) return { ...infra, problems: values.problems };
  throw new InfraError(nameOf(file), values.problems);
}

/** What the content of a file means; `values` has its problems. */
export async function resolveInfra(
  content: unknown,
  { environment, folder, withoutValues = false }: ReadInfraOptions & ResolveOptions,
): Promise<{ readonly infra: Infra; readonly values: InfraValues }> {
  const before = new InfraValues({ environment, folder, secrets: new Map(), withoutValues });
  const store = readSecretStore(isObject(content) ? content["secret_store"] : undefined, before, environment);
  const secrets = withoutValues ? new Map() : await fetchSecrets(secretNames(content), store);
  const values = new InfraValues({ environment, folder, secrets, withoutValues });
  for (const [at, keys] of before.known) values.known.set(at, keys);
  values.problems.push(...before.problems);
  return { infra: interpret(values.object(content, "the file"), values, environment), values };
}

interface ResolveOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. */
  readonly folder: string;
}

function interpret(
  root: Settings,
  values: InfraValues,
  environment: Readonly<Record<string, string | undefined>>,
): Infra {
  values.only(root, rootKeys, "");
  const auth = readAuth(root["auth"], values);
  const { services, credential, identityTokens } = readServices(root["service_discovery"], auth, values);
  return {
    databases: readDatabases(root["sql_servers"], values),
    secrets: readSecrets(root["secrets"], values),
    services,
    ...(identityTokens === undefined ? {} : { identityTokens }),
    credential,
    ...(auth.others.length === 0 ? {} : { otherCredentials: auth.others }),
    ...readMetadata(root["metadata"], values),
    messaging: readPubsub(root["pubsub"] ?? [], values),
    objects: readObjects(root["object_storage"], values, environment),
    caches: readRedis(root["redis"] ?? {}, values),
    ...readCors(root["cors"], values),
    ...readMetrics(root["metrics"], values, environment),
    ...readProcess(root, values),
    ...(values.notices.length === 0 ? {} : { notices: values.notices }),
  };
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse(isContent(file) ? file : await readFile(file, "utf8"));
  } catch (error) {
    throw new InfraError(nameOf(file), [(error as Error).message]);
  }
}

/** Container services that mount no files give it in an environment variable. */
export function isContent(file: string): boolean {
  return file.trimStart().startsWith("{");
}

export function nameOf(file: string): string {
  return isContent(file) ? "TENON_INFRA" : file;
}

/** At any depth. */
function secretNames(value: unknown): string[] {
  const reference = asReference(value);
  if (reference !== undefined) return "$secret" in reference ? [reference.$secret] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(secretNames);
}

/** Each once, all at the same time. */
async function fetchSecrets(
  names: readonly string[],
  store: SecretStore | undefined,
): Promise<Map<string, string | Error>> {
  if (store === undefined) return new Map();
  const found = [...new Set(names)].map(async (name) => {
    const outcome = await store.read(name).catch((error: Error) => error);
    return [name, outcome] as const;
  });
  return new Map(await Promise.all(found));
}
