// Where the services are that other processes host: which of them this process has to know, and what it proves itself to them with.
import type { Graph } from "@tenon/model";
import { type Hosting, hostsAllServices } from "./hosting.ts";
import type { Infra } from "./infra.ts";
import { lineOf, starterKey, starterService } from "./infra-starter.ts";
import type { Missing } from "./missing.ts";

/** Addresses of the services elsewhere that are known; those that are needed have to be. */
export function remotesOf(graph: Graph, hosting: Hosting, infra: Infra, missing: Missing[]): Record<string, string> {
  const remotes: Record<string, string> = {};
  const reasons = neededServices(graph, hosting);
  for (const { name } of graph.services) {
    if (hosting.services.includes(name)) continue;
    const address = infra.services[name];
    const reason = reasons.get(name);
    if (address !== undefined) remotes[name] = address;
    else if (reason !== undefined)
      missing.push({
        what: `service "${name}" (${reason})`,
        where: `service_discovery.${name}.base_url`,
        add: lineOf("service_discovery", { [name]: starterService(name) }),
      });
  }
  if (needsKey(graph, hosting) && infra.credential === undefined) {
    missing.push({
      what: "the key that services call each other with",
      where: "auth: one entry",
      add: lineOf("auth", [starterKey()]),
    });
  }
  return remotes;
}

/** Service -> why its address is needed. */
export function neededServices(graph: Graph, hosting: Hosting): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const add = (name: string, reason: string) => {
    if (!hosting.services.includes(name) && !reasons.has(name)) reasons.set(name, reason);
  };
  for (const { name, calls } of graph.services) {
    if (!hosting.services.includes(name)) continue;
    for (const { service } of calls) add(service, "called by the hosted ones");
  }
  if (!hosting.hasGateway) return reasons;
  for (const { service } of graph.authHandlers ?? []) add(service, "the public door asks it who is calling");
  for (const { service } of graph.gateways ?? []) {
    if (service !== undefined) add(service, "the public door shows it each request first");
  }
  if (!hosting.leadsEverywhere) return reasons;
  for (const { name, endpoints } of graph.services) {
    if (endpoints.some(({ expose }) => expose)) add(name, "the public door leads to its endpoints");
  }
  return reasons;
}

/** Another process of the app calls this one, or is called by it. */
export function needsKey(graph: Graph, hosting: Hosting): boolean {
  return !hostsAllServices(graph, hosting) || !hosting.hasGateway;
}
