// The infra.json that a process of this app starts from: everything it needs, with an environment variable for each value that only the place
// knows. Setting those makes it complete.
import type { Graph, Service } from "@tenon/model";
import { hostedTopics } from "./hosted-topics.ts";
import type { Hosting } from "./hosting.ts";
import {
  type StarterBroker,
  starterBroker,
  starterCache,
  starterKey,
  starterSecret,
  starterServer,
  starterService,
  starterStore,
} from "./infra-starter.ts";
import { asReference } from "./infra-values.ts";
import { neededServices, needsKey } from "./remotes.ts";

export interface InitOptions {
  readonly hosting: Hosting;
  readonly broker: StarterBroker;
  /** Where the JSON Schema is, as an editor finds it from the file. */
  readonly schema: string;
}

type Content = Readonly<Record<string, unknown>>;

export function starterInfra(graph: Graph, { hosting, broker, schema }: InitOptions): Content {
  const services = graph.services.filter(({ name }) => hosting.services.includes(name));
  const uses = (users: readonly string[]) => users.some((name) => hosting.services.includes(name));
  const buckets = (graph.buckets ?? []).filter((bucket) => uses(bucket.services)).map(({ name }) => name);
  const caches = (graph.caches ?? []).filter((cache) => uses(cache.services)).map(({ name }) => name);
  const topics = hostedTopics(graph, services);
  const starterTopics = topics.map(({ name, subscriptions }) => ({
    name,
    subscriptions: subscriptions.filter(({ service }) => uses([service])).map((one) => one.name),
  }));
  const databases = namesIn(services, "databases");
  const secrets = namesIn(services, "secrets");
  const others = [...neededServices(graph, hosting).keys()].sort();
  return {
    $schema: schema,
    metadata: { env_name: "production", env_type: "production", base_url: { $env: "API_BASE_URL" } },
    graceful_shutdown: { total: 10 },
    ...hostingKeys(graph, hosting),
    ...(needsKey(graph, hosting) ? { auth: [starterKey()] } : {}),
    ...(others.length === 0 ? {} : { service_discovery: byName(others, starterService) }),
    ...(databases.length === 0 ? {} : { sql_servers: [starterServer(databases)] }),
    ...(topics.length === 0 ? {} : { pubsub: [starterBroker(broker, starterTopics)] }),
    ...(caches.length === 0 ? {} : { redis: byName(caches, starterCache) }),
    ...(buckets.length === 0 ? {} : { object_storage: [starterStore(buckets)] }),
    ...(secrets.length === 0 ? {} : { secrets: byName(secrets, starterSecret) }),
  };
}

/** Variables that the file names, each with where it does so; sorted by name. */
export function variablesOf(content: unknown, at = ""): readonly (readonly [variable: string, at: string])[] {
  const reference = asReference(content);
  if (reference !== undefined) return "$env" in reference ? [[reference.$env, at]] : [];
  if (typeof content !== "object" || content === null) return [];
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(content)) {
    const place = Array.isArray(content) ? `${at}[${key}]` : at === "" ? key : `${at}.${key}`;
    for (const [variable, where] of variablesOf(value, place)) {
      if (!found.has(variable)) found.set(variable, where);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What differs from all services with the public door. */
function hostingKeys(graph: Graph, { services, hasGateway, leadsEverywhere }: Hosting): Content {
  const isAll = services.length === graph.services.length;
  const gateways = (graph.gateways ?? []).map(({ name }) => name);
  const all = gateways.length === 0 ? ["api-gateway"] : gateways;
  return {
    ...(isAll ? {} : { hosted_services: services }),
    ...(hasGateway ? (leadsEverywhere ? { hosted_gateways: all } : {}) : { hosted_gateways: [] }),
  };
}

function namesIn(services: readonly Service[], kind: "databases" | "secrets"): readonly string[] {
  return [...new Set(services.flatMap((service) => service[kind]))].sort();
}

function byName<Part>(names: readonly string[], partOf: (name: string) => Part): Record<string, Part> {
  return Object.fromEntries(names.map((name) => [name, partOf(name)]));
}
