// What the hosted services need from outside, taken from the graph and found in infra.json and the environment; what is missing is told
// all at once, each with the line to add.
import { type Graph, type Service, usesTopic } from "@tenon/model";
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
import type { Infra } from "./infra.ts";

export class RequirementsError extends Error {
  readonly code = "infra_incomplete";
  readonly hint = "Add them to infra.json (see docs/reference/infra.md) or set the environment variables.";

  constructor(missing: readonly string[]) {
    super(`the services to start need what is not there:\n${missing.map((line) => `  - ${line}`).join("\n")}`);
  }
}

type Values = Readonly<Record<string, string>>;

export type Requirements = Pick<
  HostConfig,
  "databases" | "secrets" | "remotes" | "messaging" | "cron" | "objects" | "caches"
>;

export function findRequirements(
  graph: Graph,
  hosted: readonly string[],
  infra: Infra,
  environment: Readonly<Record<string, string | undefined>>,
  /** Secrets from elsewhere: those mounted as files go before the environment, those of the build's encrypted file after it. */
  others: { readonly mounted: Values; readonly encrypted: Values } = { mounted: {}, encrypted: {} },
): Requirements {
  const services = graph.services.filter((service) => hosted.includes(service.name));
  const missing: string[] = [];
  const databases: Record<string, DatabaseConfig> = {};
  const secrets: Record<string, string> = {};
  const remotes: Record<string, string> = {};

  for (const name of unique(services.flatMap((service) => service.databases))) {
    const own = environment[databaseVariable(name)];
    const config = own === undefined ? infra.databases[name] : { connectionString: own };
    if (config !== undefined) databases[name] = config;
    else
      missing.push(`database "${name}": sql_servers[].databases.${name}, or ${databaseVariable(name)}=postgres://...`);
  }
  for (const name of unique(services.flatMap((service) => service.secrets))) {
    const value = infra.secrets[name] ?? others.mounted[name] ?? environment[name] ?? others.encrypted[name];
    if (value !== undefined) secrets[name] = value;
    else
      missing.push(
        `secret "${name}": secrets.${name}, the environment variable ${name}, or a file in TENON_SECRETS_DIR`,
      );
  }
  const isWhole = hosted.length === graph.services.length;
  const messaging = findMessaging(graph, services, infra, environment, isWhole ? databases : {}, missing);
  const called = new Set(services.flatMap((service) => service.calls.map((call) => call.service)));
  // The gateway asks them who is calling.
  for (const { service } of graph.authHandlers ?? []) called.add(service);
  for (const { service } of graph.gateways ?? []) if (service !== undefined) called.add(service);
  for (const { name } of graph.services) {
    if (hosted.includes(name)) continue;
    const address = infra.services[name];
    if (address !== undefined) remotes[name] = address;
    else if (called.has(name))
      missing.push(`service "${name}" (called by the hosted ones): service_discovery.${name}.base_url`);
  }
  const talksToOthers = hosted.length < graph.services.length;
  if (talksToOthers && infra.credential === undefined) {
    missing.push(
      'the key that services call each other with: auth: [{"type": "key", "id": 1, "key": {"$env": "TENON_KEY"}}]',
    );
  }
  const objects = findObjects(graph, services, infra, missing);
  const caches = findCaches(graph, services, infra, environment, missing);
  if (missing.length > 0) throw new RequirementsError(missing);
  const cron = findCron(graph, services, databases, messaging);
  return {
    databases,
    secrets,
    remotes,
    ...(cron === undefined ? {} : { cron }),
    ...(objects === undefined ? {} : { objects }),
    ...(caches === undefined ? {} : { caches }),
    ...(messaging === undefined ? {} : { messaging }),
  };
}

function findObjects(
  graph: Graph,
  services: readonly Service[],
  { objects }: Infra,
  missing: string[],
): ObjectsConfig | undefined {
  const used = (graph.buckets ?? []).filter((bucket) => services.some(({ name }) => bucket.services.includes(name)));
  if (used.length === 0) return undefined;
  for (const { name } of used) {
    const isThere = objects?.kind === "files" || objects?.buckets[name] !== undefined;
    if (!isThere) missing.push(`bucket "${name}": object_storage[].buckets.${name}`);
  }
  return objects;
}

function findCaches(
  graph: Graph,
  services: readonly Service[],
  infra: Infra,
  environment: Readonly<Record<string, string | undefined>>,
  missing: string[],
): CacheConfig | undefined {
  const used = (graph.caches ?? []).filter((cache) => services.some(({ name }) => cache.services.includes(name)));
  const clusters: Record<string, CacheConfig["clusters"][string]> = {};
  for (const { name } of used) {
    const variable = cacheVariable(name);
    const own = environment[variable];
    try {
      const server = own === undefined ? infra.caches[name] : cacheServerAt(own);
      if (server !== undefined) clusters[name] = server;
      else missing.push(`cache cluster "${name}": redis.${name}, or ${variable}=redis://...`);
    } catch (error) {
      missing.push(`cache cluster "${name}": ${variable} can't be used: ${(error as Error).message}`);
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
  environment: Readonly<Record<string, string | undefined>>,
  databases: Readonly<Record<string, DatabaseConfig>>,
  missing: string[],
): MessagingConfig | undefined {
  const used = (graph.topics ?? []).filter((topic) => services.some((service) => usesTopic(service, topic)));
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
  const topics = used.map(({ name }) => `"${name}"`).join(", ");
  if (config === undefined) {
    missing.push(
      `a broker for the topics ${topics}: pubsub: [{"type": "postgres", "connection_string": ...}] (or "nats", "redis"), or ${variable}=postgres://...`,
    );
  }
  return config;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
