// What infra.json holds and this process has no use for: often a name that was changed in the code, or written wrongly.
import type { Graph } from "@tenon/model";
import { hostedTopics } from "./hosted-topics.ts";
import type { Hosting } from "./hosting.ts";
import type { Infra } from "./infra.ts";
import { namedTopics } from "./named-topics.ts";
import { neededServices, needsKey } from "./remotes.ts";

/** A line each. */
export function unusedParts(graph: Graph, hosting: Hosting, infra: Infra): readonly string[] {
  const services = graph.services.filter(({ name }) => hosting.services.includes(name));
  const isUsedBy = (users: readonly string[]) => users.some((name) => hosting.services.includes(name));
  const declared = {
    databases: new Set(graph.databases.map(({ name }) => name)),
    secrets: new Set(graph.secrets.map(({ name }) => name)),
  };
  const used = {
    databases: new Set(services.flatMap((service) => service.databases)),
    secrets: new Set(services.flatMap((service) => service.secrets)),
  };
  const ofServices = (kind: "databases" | "secrets", at: string) =>
    unusedNames(Object.keys(infra[kind]), { at, declared: declared[kind], used: used[kind] });
  const buckets = infra.objects?.kind === "remote" ? Object.keys(infra.objects.buckets) : [];
  const topics = hostedTopics(graph, services);
  return [
    ...unusedServices(graph, hosting, infra),
    ...(infra.credential !== undefined && !needsKey(graph, hosting)
      ? ["auth: no other process calls this one, or is called by it"]
      : []),
    ...ofServices("databases", "sql_servers[].databases"),
    ...(infra.messaging !== undefined && topics.length === 0 ? ["pubsub: nothing here publishes or subscribes"] : []),
    ...unusedNames(Object.keys(namedTopics(infra.messaging) ?? {}), {
      at: "pubsub[0].topics",
      declared: new Set((graph.topics ?? []).map(({ name }) => name)),
      used: new Set(topics.map(({ name }) => name)),
    }),
    ...unusedNames(Object.keys(infra.caches), { at: "redis", ...usersOf(graph.caches ?? [], isUsedBy) }),
    ...unusedNames(buckets, { at: "object_storage[].buckets", ...usersOf(graph.buckets ?? [], isUsedBy) }),
    ...ofServices("secrets", "secrets"),
  ];
}

interface Names {
  readonly at: string;
  readonly declared: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
}

function unusedNames(names: readonly string[], { at, declared, used }: Names): string[] {
  return names
    .filter((name) => !used.has(name))
    .map((name) => `${at}.${name}: ${declared.has(name) ? "nothing here uses it" : "the app declares no such thing"}`);
}

function usersOf(
  resources: readonly { readonly name: string; readonly services: readonly string[] }[],
  isUsedBy: (users: readonly string[]) => boolean,
): Omit<Names, "at"> {
  return {
    declared: new Set(resources.map(({ name }) => name)),
    used: new Set(resources.filter(({ services }) => isUsedBy(services)).map(({ name }) => name)),
  };
}

/** The public door leads to services with public endpoints where it knows their address, also to those that it need not know. */
function unusedServices(graph: Graph, hosting: Hosting, { services }: Infra): string[] {
  const needed = neededServices(graph, hosting);
  return Object.keys(services).flatMap((name) => {
    const service = graph.services.find((one) => one.name === name);
    const at = `service_discovery.${name}`;
    if (service === undefined) return [`${at}: the app has no such service`];
    if (hosting.services.includes(name)) return [`${at}: this process hosts it itself`];
    const isReached = needed.has(name) || (hosting.hasGateway && service.endpoints.some(({ expose }) => expose));
    return isReached ? [] : [`${at}: nothing here calls it`];
  });
}
