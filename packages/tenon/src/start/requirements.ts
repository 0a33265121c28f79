// What a process needs from outside, taken from the graph and found in infra.json and the environment; what is missing is told all at once,
// each with the line to add.
import type { Graph, Service } from "@tenon/model";
import type {
  CacheConfig,
  CronConfig,
  DatabaseConfig,
  HostConfig,
  MessagingConfig,
  ObjectsConfig,
} from "@tenon/runtime";
import { cacheServerAt, cacheVariable } from "../cache-variable.ts";
import { databaseVariable, messagesDatabase } from "../database-variable.ts";
import { hostedTopics } from "./hosted-topics.ts";
import { type Hosting, hostsAllServices } from "./hosting.ts";
import type { Infra } from "./infra.ts";
import { lineOf, starterBroker, starterCache, starterSecret, starterServer, starterStore } from "./infra-starter.ts";
import { type Missing, RequirementsError } from "./missing.ts";
import { missingNames } from "./named-topics.ts";
import { remotesOf } from "./remotes.ts";

type Values = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string | undefined>>;

export type Requirements = Pick<
  HostConfig,
  "databases" | "secrets" | "remotes" | "messaging" | "cron" | "objects" | "caches"
>;

/** Secrets from elsewhere: those mounted as files go before the environment, those of the build's encrypted file after it. */
export interface OtherSecrets {
  readonly mounted: Values;
  readonly encrypted: Values;
}

const noSecrets: OtherSecrets = { mounted: {}, encrypted: {} };

/** Throws RequirementsError. */
export function findRequirements(
  graph: Graph,
  hosting: Hosting,
  infra: Infra,
  environment: Environment,
  others: OtherSecrets = noSecrets,
): Requirements {
  const { requirements, missing } = surveyRequirements(graph, hosting, infra, environment, others);
  if (missing.length > 0) throw new RequirementsError(missing);
  return requirements;
}

/** The databases of the hosted services alone, for who only migrates them. Throws RequirementsError. */
export function findDatabases(
  graph: Graph,
  hosting: Hosting,
  infra: Infra,
  environment: Environment,
): Requirements["databases"] {
  const missing: Missing[] = [];
  const databases = databasesOf(servicesOf(graph, hosting), infra, environment, missing);
  if (missing.length > 0) throw new RequirementsError(missing);
  return databases;
}

/** What there is, and what is missing. */
export function surveyRequirements(
  graph: Graph,
  hosting: Hosting,
  infra: Infra,
  environment: Environment,
  others: OtherSecrets = noSecrets,
): { readonly requirements: Requirements; readonly missing: readonly Missing[] } {
  const services = servicesOf(graph, hosting);
  const missing: Missing[] = [];
  const databases = databasesOf(services, infra, environment, missing);
  const secrets = secretsOf(services, infra, environment, others, missing);
  const isWhole = hostsAllServices(graph, hosting);
  const messaging = findMessaging(graph, services, infra, environment, isWhole ? databases : {}, missing);
  const remotes = remotesOf(graph, hosting, infra, missing);
  const objects = findObjects(graph, services, hosting, infra, missing);
  const caches = findCaches(graph, services, infra, environment, missing);
  const cron = findCron(graph, services, databases, messaging);
  const requirements = {
    databases,
    secrets,
    remotes,
    ...(cron === undefined ? {} : { cron }),
    ...(objects === undefined ? {} : { objects }),
    ...(caches === undefined ? {} : { caches }),
    ...(messaging === undefined ? {} : { messaging }),
  };
  return { requirements, missing };
}

function servicesOf(graph: Graph, hosting: Hosting): readonly Service[] {
  return graph.services.filter((service) => hosting.services.includes(service.name));
}

function databasesOf(
  services: readonly Service[],
  infra: Infra,
  environment: Environment,
  missing: Missing[],
): Record<string, DatabaseConfig> {
  const databases: Record<string, DatabaseConfig> = {};
  for (const name of unique(services.flatMap((service) => service.databases))) {
    const own = environment[databaseVariable(name)];
    const config = own === undefined ? infra.databases[name] : { connectionString: own };
    if (config !== undefined) databases[name] = config;
    else
      missing.push({
        what: `database "${name}"`,
        where: `sql_servers[].databases.${name}, or ${databaseVariable(name)}=postgres://...`,
        add: lineOf("sql_servers", [starterServer([name])]),
      });
  }
  return databases;
}

function secretsOf(
  services: readonly Service[],
  infra: Infra,
  environment: Environment,
  others: OtherSecrets,
  missing: Missing[],
): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of unique(services.flatMap((service) => service.secrets))) {
    const value = infra.secrets[name] ?? others.mounted[name] ?? environment[name] ?? others.encrypted[name];
    if (value !== undefined) secrets[name] = value;
    else
      missing.push({
        what: `secret "${name}"`,
        where: `secrets.${name}, the environment variable ${name}, or a file in TENON_SECRETS_DIR`,
        add: lineOf("secrets", { [name]: starterSecret(name) }),
      });
  }
  return secrets;
}

function findObjects(
  graph: Graph,
  services: readonly Service[],
  { hasGateway }: Hosting,
  { objects }: Infra,
  missing: Missing[],
): ObjectsConfig | undefined {
  const declared = graph.buckets ?? [];
  const used = declared.filter((bucket) => services.some(({ name }) => bucket.services.includes(name)));
  // Of objects in files, the public door serves those that are public, and those of signed URLs.
  const servesFiles = hasGateway && declared.length > 0 && objects?.kind === "files";
  if (used.length === 0) return servesFiles ? objects : undefined;
  for (const { name } of used) {
    const isThere = objects?.kind === "files" || objects?.buckets[name] !== undefined;
    if (!isThere)
      missing.push({
        what: `bucket "${name}"`,
        where: `object_storage[].buckets.${name}`,
        add: lineOf("object_storage", [starterStore([name])]),
      });
  }
  return objects;
}

function findCaches(
  graph: Graph,
  services: readonly Service[],
  infra: Infra,
  environment: Environment,
  missing: Missing[],
): CacheConfig | undefined {
  const used = (graph.caches ?? []).filter((cache) => services.some(({ name }) => cache.services.includes(name)));
  const clusters: Record<string, CacheConfig["clusters"][string]> = {};
  for (const { name } of used) {
    const variable = cacheVariable(name);
    const own = environment[variable];
    const what = `cache cluster "${name}"`;
    try {
      const server = own === undefined ? infra.caches[name] : cacheServerAt(own);
      if (server !== undefined) clusters[name] = server;
      else
        missing.push({
          what,
          where: `redis.${name}, or ${variable}=redis://...`,
          add: lineOf("redis", { [name]: starterCache(name) }),
        });
    } catch (error) {
      missing.push({ what, where: `${variable} can't be used: ${(error as Error).message}` });
    }
  }
  return used.length === 0 ? undefined : { clusters };
}

/** Replicas agree through a database of a hosted service with jobs, else through any that this process knows. */
function findCron(
  graph: Graph,
  services: readonly Service[],
  databases: Readonly<Record<string, DatabaseConfig>>,
  messaging: MessagingConfig | undefined,
): CronConfig | undefined {
  const owners = new Set((graph.cronJobs ?? []).map(({ service }) => service));
  const withJobs = services.filter(({ name }) => owners.has(name));
  if (withJobs.length === 0) return undefined;
  const own = withJobs.flatMap((service) => service.databases).map((name) => databases[name]);
  const shared = messaging?.kind === "postgres" ? messaging : undefined;
  const connectionString = (own[0] ?? shared ?? Object.values(databases)[0])?.connectionString;
  return connectionString === undefined ? { kind: "memory" } : { kind: "postgres", connectionString };
}

function findMessaging(
  graph: Graph,
  services: readonly Service[],
  infra: Infra,
  environment: Environment,
  databases: Readonly<Record<string, DatabaseConfig>>,
  missing: Missing[],
): MessagingConfig | undefined {
  const used = hostedTopics(graph, services);
  if (used.length === 0) return undefined;
  const variable = databaseVariable(messagesDatabase);
  const own = environment[variable];
  const config = own === undefined ? infra.messaging : ({ kind: "postgres", connectionString: own } as const);
  // Whoever runs all of the app has one of its databases to hand, and so has every replica of it: the same one.
  const name = services.flatMap((service) => service.databases).sort()[0];
  const spare = name === undefined ? undefined : databases[name];
  if (config === undefined && spare !== undefined) {
    return { kind: "postgres", connectionString: spare.connectionString };
  }
  if (config === undefined) {
    missing.push({
      what: `a broker for the topics ${used.map(({ name }) => `"${name}"`).join(", ")}`,
      where: `one entry of pubsub ("postgres", "nats", "redis"), or ${variable}=postgres://...`,
      add: lineOf("pubsub", [starterBroker("postgres")]),
    });
  }
  missing.push(...missingNames(config, used, services));
  return config;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
