// The graph of one unit of an app: the services that it hosts as they are, and of everything else only what their code can meet. What the
// unit cannot meet is not in it, so that a change there leaves the unit's build as it was.
import {
  type Database,
  type Endpoint,
  type Graph,
  type GraphUnit,
  type Service,
  type Topic,
  usesTopic,
} from "@tenon/model";
import { createPlaces, type Places } from "./own-places.ts";
import { reachedSchemas } from "./reached-schemas.ts";

export function cutGraph(graph: Graph, unit: GraphUnit): Graph {
  const seen = lookAround(graph, unit);
  const { isHosted, places } = seen;
  const { cors, ...app } = graph.app;
  return reachedSchemas({
    version: graph.version,
    app: { ...app, ...(cors === undefined || !unit.gateway ? {} : { cors }), unit },
    services: graph.services.flatMap((service) => seenService(seen, service)),
    databases: places.of(graph.databases.filter(({ name }) => seen.databases.has(name))),
    secrets: places.of(withUsers(graph.secrets, isHosted)),
    ...present({
      gateways: places.of(seenGateways(seen)),
      middleware: unit.services.length === 0 ? [] : (graph.middleware ?? []),
      authHandlers: places.of(graph.authHandlers ?? []),
      cronJobs: (graph.cronJobs ?? []).filter(({ service }) => isHosted(service)),
      metrics: places.of(withUsers(graph.metrics, isHosted)),
      topics: places.of(seenTopics(seen)),
      buckets: places.of(seenBuckets(seen)),
      caches: places.of(withUsers(graph.caches, isHosted)),
    }),
    schemas: graph.schemas,
  });
}

/** Names of the endpoints of a service that hosted code calls. */
export function calledEndpoints(graph: Graph, unit: GraphUnit, service: string): ReadonlySet<string> {
  const hosted = graph.services.filter(({ name }) => unit.services.includes(name));
  const calls = hosted.flatMap((one) => one.calls).filter((call) => call.service === service);
  return new Set(calls.map(({ endpoint }) => endpoint));
}

/** What there is to know of a unit before anything is cut. */
interface Surroundings {
  readonly graph: Graph;
  readonly unit: GraphUnit;
  readonly isHosted: (service: string) => boolean;
  /** Names of the databases that hosted services own or use. */
  readonly databases: ReadonlySet<string>;
  /** Services elsewhere that use one of these. */
  readonly sharers: ReadonlySet<string>;
  readonly places: Places;
}

function lookAround(graph: Graph, unit: GraphUnit): Surroundings {
  const isHosted = (service: string) => unit.services.includes(service);
  const isUsed = ({ name, service }: Database) =>
    isHosted(service) || graph.services.some((one) => isHosted(one.name) && one.databases.includes(name));
  const databases = new Set(graph.databases.filter(isUsed).map(({ name }) => name));
  const sharers = graph.services.filter(
    (one) => !isHosted(one.name) && one.databases.some((name) => databases.has(name)),
  );
  const places = createPlaces(graph.services, isHosted);
  return { graph, unit, isHosted, databases, sharers: new Set(sharers.map(({ name }) => name)), places };
}

function seenService(seen: Surroundings, service: Service): Service[] {
  if (seen.isHosted(service.name)) return [service];
  const endpoints = seenEndpoints(seen, service);
  if (endpoints.length === 0 && !seen.sharers.has(service.name) && !isAsked(seen, service.name)) return [];
  return [
    {
      name: service.name,
      directory: service.directory,
      endpoints: seen.places.of(endpoints.map(({ description: _, ...endpoint }) => endpoint)),
      calls: [],
      databases: service.databases.filter((name) => seen.databases.has(name)),
      secrets: [],
    },
  ];
}

/** Those that hosted code calls; for the public door, those that are exposed as well. */
function seenEndpoints({ graph, unit }: Surroundings, service: Service): readonly Endpoint[] {
  const called = calledEndpoints(graph, unit, service.name);
  return service.endpoints.filter(({ name, expose }) => (unit.gateway && expose) || called.has(name));
}

/** Every process reads what auth handlers give; a door asks services about requests. */
function isAsked({ graph: { authHandlers = [], gateways = [] }, unit }: Surroundings, service: string): boolean {
  return (
    authHandlers.some((handler) => handler.service === service) ||
    (unit.gateway && gateways.some((gateway) => gateway.service === service))
  );
}

/** Those whose code, or whose auth handlers' code, is in the unit; the public door knows all. */
function seenGateways({ graph: { gateways = [], authHandlers = [] }, unit, isHosted }: Surroundings) {
  if (unit.gateway) return gateways;
  const own = authHandlers.filter(({ service }) => isHosted(service)).map(({ name }) => name);
  return gateways.filter(
    (gateway) =>
      (gateway.service !== undefined && isHosted(gateway.service)) ||
      gateway.authHandlers.some((handler) => own.includes(handler)),
  );
}

/**
 * With all their subscriptions, which a publisher writes for. Those of services that share a database count as well: they decide whether
 * it has tables for messages.
 */
function seenTopics({ graph, isHosted, sharers, databases, places }: Surroundings): Topic[] {
  const hosted = graph.services.filter(({ name }) => isHosted(name));
  const isSeen = (topic: Topic) =>
    hosted.some((service) => usesTopic(service, topic)) ||
    topic.publishers.some((name) => sharers.has(name)) ||
    topic.subscriptions.some(({ database }) => database !== undefined && databases.has(database));
  return (graph.topics ?? []).filter(isSeen).map((topic) => ({
    ...topic,
    publishers: topic.publishers.filter((name) => isHosted(name) || sharers.has(name)),
    subscriptions: places.of(topic.subscriptions),
  }));
}

/** A public door answers at the addresses of objects, whoever keeps them. */
function seenBuckets({ graph: { buckets = [] }, unit, isHosted }: Surroundings) {
  if (!unit.gateway) return withUsers(buckets, isHosted);
  return buckets.map((bucket) => ({ ...bucket, services: bucket.services.filter(isHosted) }));
}

/** Those that hosted services use, with these as their users. */
function withUsers<Resource extends { readonly services: readonly string[] }>(
  resources: readonly Resource[] = [],
  isHosted: (service: string) => boolean,
): Resource[] {
  return resources
    .map((resource) => ({ ...resource, services: resource.services.filter(isHosted) }))
    .filter(({ services }) => services.length > 0);
}

/** Lists are absent where they are empty, as in the graph of the app. */
function present<Lists extends Readonly<Record<string, readonly unknown[]>>>(lists: Lists): Partial<Lists> {
  return Object.fromEntries(Object.entries(lists).filter(([, items]) => items.length > 0)) as Partial<Lists>;
}
