// Graphs for tests, written as the little that matters here: services with what they call and use.
import type { Endpoint, Graph } from "@tenon/model";

const location = { file: "app.ts", line: 1, column: 1 };

export interface ServiceSketch {
  /** "users.get". */
  readonly calls?: readonly string[];
  /** Names of endpoints; those that begin with "+" are exposed. */
  readonly endpoints?: readonly string[];
  readonly databases?: readonly string[];
  readonly secrets?: readonly string[];
  readonly buckets?: readonly string[];
  readonly caches?: readonly string[];
  readonly publishes?: readonly string[];
  /** "topic/subscription". */
  readonly subscribes?: readonly string[];
  readonly cron?: readonly string[];
}

/** Databases belong to the first service that names them and have migrations. */
export function graphOf(sketches: Readonly<Record<string, ServiceSketch>>, id = "shop"): Graph {
  const services = Object.entries(sketches).sort(([a], [b]) => (a < b ? -1 : 1));
  const usersOf = (kind: "databases" | "secrets" | "buckets" | "caches" | "publishes", name: string) =>
    services.filter(([, sketch]) => sketch[kind]?.includes(name)).map(([service]) => service);
  const namesOf = (kind: "databases" | "secrets" | "buckets" | "caches") =>
    [...new Set(services.flatMap(([, sketch]) => sketch[kind] ?? []))].sort();
  const subscriptions = services.flatMap(([service, { subscribes = [] }]) =>
    subscribes.map((text) => ({ service, topic: text.split("/")[0]!, name: text.split("/")[1]! })),
  );
  const topics = [
    ...new Set([
      ...services.flatMap(([, { publishes = [] }]) => publishes),
      ...subscriptions.map(({ topic }) => topic),
    ]),
  ].sort();
  return {
    version: 1,
    app: { id },
    services: services.map(([name, { calls = [], endpoints = [], databases = [], secrets = [] }]) => ({
      name,
      directory: name,
      endpoints: endpoints.map(endpointOf),
      calls: calls.map((text) => ({ service: text.split(".")[0]!, endpoint: text.split(".")[1]! })),
      databases,
      secrets,
    })),
    databases: namesOf("databases").map((name) => ({
      name,
      service: usersOf("databases", name)[0]!,
      migrations: `migrations/${name}`,
      location,
    })),
    secrets: namesOf("secrets").map((name) => ({ name, services: usersOf("secrets", name), location })),
    cronJobs: services.flatMap(([service, { cron = [] }]) =>
      cron.map((endpoint) => ({
        name: `${service}-${endpoint}`,
        service,
        endpoint,
        schedule: { kind: "every" as const, seconds: 60 },
        overlap: "skip" as const,
        catchUp: "none" as const,
        location,
      })),
    ),
    topics: topics.map((name) => ({
      name,
      message: { kind: "any" },
      deliveryGuarantee: "at-least-once" as const,
      attributes: [],
      publishers: usersOf("publishes", name),
      subscriptions: subscriptions
        .filter(({ topic }) => topic === name)
        .map(({ name: subscription, service }) => ({
          name: subscription,
          service,
          maxConcurrency: null,
          ackDeadlineMs: 30_000,
          messageRetentionMs: 86_400_000,
          retryPolicy: { minBackoffMs: 1_000, maxBackoffMs: 60_000, maxRetries: 10 },
          location,
        })),
      location,
    })),
    buckets: namesOf("buckets").map((name) => ({
      name,
      isPublic: false,
      isVersioned: false,
      services: usersOf("buckets", name),
      location,
    })),
    caches: namesOf("caches").map((name) => ({
      name,
      evictionPolicy: "allkeys-lru",
      services: usersOf("caches", name),
      location,
    })),
    schemas: {},
  };
}

function endpointOf(text: string): Endpoint {
  const expose = text.startsWith("+");
  const name = expose ? text.slice(1) : text;
  return {
    name,
    kind: "typed",
    methods: ["POST"],
    path: { pattern: `/${name}`, segments: [{ kind: "literal", value: name }] },
    expose,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location,
  };
}
