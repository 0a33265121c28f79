// Graph and placement -> deployment. The edges are those of the services' code, between the processes that host them; what stays inside of a
// process is none.
import { type Graph, leavingTopics, needsOutbox, type Service } from "@tenon/model";
import { DeployError } from "../deploy-error.ts";
import type { DeployedDatabase, Deployment, Edge, Unit } from "./deployment.ts";
import { type Placement, placeServices } from "./placement.ts";

const gatewayName = "gateway";
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Throws DeployError `placement_invalid`, `name_not_deployable`. */
export function deriveDeployment(graph: Graph, placement: Placement): Deployment {
  const units = unitsOf(graph, placement);
  const unitOf = new Map(units.flatMap(({ name, services }) => services.map((service) => [service, name] as const)));
  return {
    app: dnsName(graph.app.id, "the app"),
    units,
    edges: units.flatMap((unit) => edgesFrom(graph, unit, unitOf)).sort(byText),
    databases: graph.databases.map((database) => deployedDatabase(graph, database, unitOf)),
    topics: graph.topics ?? [],
    buckets: (graph.buckets ?? []).map(({ name, isPublic, isVersioned }) => ({ name, isPublic, isVersioned })),
    caches: (graph.caches ?? []).map(({ name, evictionPolicy }) => ({ name, evictionPolicy })),
    secrets: graph.secrets.map(({ name }) => name),
  };
}

function unitsOf(graph: Graph, placement: Placement): Unit[] {
  const placed = placeServices(
    graph.services.map(({ name }) => name),
    placement,
  );
  const isWhole = placed.size <= 1;
  const jobs = new Set((graph.cronJobs ?? []).map(({ service }) => service));
  const units = [...placed].map(([name, services]): Unit => {
    const hasCron = services.some((service) => jobs.has(service));
    return { name: dnsName(name, "the process"), kind: isWhole ? "app" : "services", services, hasCron };
  });
  if (!isWhole) units.push({ name: gatewayName, kind: "gateway", services: [], hasCron: false });
  const twice = units.find(({ name }, index) => units.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) {
    throw new DeployError(
      "name_not_deployable",
      `two processes would be called "${twice.name}"`,
      `Name a group in "placement" of tenon.json otherwise; "${gatewayName}" is the public door.`,
    );
  }
  return units.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Upper case and other signs do not go into DNS names. */
function dnsName(name: string, what: string): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (dnsLabel.test(label)) return label;
  throw new DeployError(
    "name_not_deployable",
    `the name of ${what}, "${name}", can't be made a DNS label`,
    "Use letters, digits and dashes, 63 at most.",
  );
}

function edgesFrom(graph: Graph, unit: Unit, unitOf: ReadonlyMap<string, string>): Edge[] {
  const { name: from } = unit;
  const calls = unit.kind === "gateway" ? gatewayCalls(graph) : serviceCalls(graph, unit);
  const byUnit = new Map<string, Set<string>>();
  for (const { service, endpoint } of calls) {
    const to = unitOf.get(service);
    if (to === undefined || to === from) continue;
    byUnit.set(to, (byUnit.get(to) ?? new Set()).add(`${service}.${endpoint}`));
  }
  const edges: Edge[] = [...byUnit].map(([to, endpoints]) => ({
    kind: "call",
    from,
    to,
    endpoints: [...endpoints].sort(),
  }));
  return [...edges, ...resourceEdges(graph, unit)];
}

function serviceCalls(graph: Graph, unit: Unit): Service["calls"] {
  return hosted(graph, unit).flatMap(({ calls }) => calls);
}

/** It forwards what is exposed, asks auth handlers who is calling, and lets services look at requests first. */
function gatewayCalls(graph: Graph): { service: string; endpoint: string }[] {
  const exposed = graph.services.flatMap(({ name, endpoints }) =>
    endpoints.filter(({ expose }) => expose).map((endpoint) => ({ service: name, endpoint: endpoint.name })),
  );
  const handlers = (graph.authHandlers ?? []).map(({ name, service }) => ({ service, endpoint: name }));
  const doors = (graph.gateways ?? []).flatMap(({ service, name }) =>
    service === undefined ? [] : [{ service, endpoint: name }],
  );
  return [...exposed, ...handlers, ...doors];
}

function resourceEdges(graph: Graph, unit: Unit): Edge[] {
  const { name: from } = unit;
  const isIn = (services: readonly string[]) => services.some((service) => unit.services.includes(service));
  const databases = new Set(hosted(graph, unit).flatMap((service) => service.databases));
  return [
    ...[...databases].map((database): Edge => ({ kind: "database", from, database })),
    ...(graph.topics ?? []).flatMap(({ name: topic, publishers, subscriptions }): Edge[] => [
      ...(isIn(publishers) ? [{ kind: "publish", from, topic } as const] : []),
      ...subscriptions
        .filter(({ service }) => unit.services.includes(service))
        .map(({ name: subscription }) => ({ kind: "subscribe", from, topic, subscription }) as const),
    ]),
    ...(graph.buckets ?? [])
      .filter(({ services }) => isIn(services))
      .map(({ name: bucket }): Edge => ({ kind: "bucket", from, bucket })),
    ...(graph.caches ?? [])
      .filter(({ services }) => isIn(services))
      .map(({ name: cache }): Edge => ({ kind: "cache", from, cache })),
    ...graph.secrets
      .filter(({ services }) => isIn(services))
      .map(({ name: secret }): Edge => ({ kind: "secret", from, secret })),
  ];
}

function hosted({ services }: Graph, unit: Unit): readonly Service[] {
  return services.filter(({ name }) => unit.services.includes(name));
}

function deployedDatabase(
  graph: Graph,
  { name, service, migrations }: Graph["databases"][number],
  unitOf: ReadonlyMap<string, string>,
): DeployedDatabase {
  return {
    name,
    unit: unitOf.get(service)!,
    hasMigrations: migrations !== undefined,
    needsOutbox: needsOutbox(graph, name),
    leavingTopics: leavingTopics(graph, name),
  };
}

function byText(a: Edge, b: Edge): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
