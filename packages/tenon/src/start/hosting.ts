// Which part of an app a process is: the services it hosts, and whether the public door is in it. The command line goes before
// `hosted_services` and `hosted_gateways` of infra.json, those before "all of it".
import type { Graph } from "@tenon/model";
import type { Infra } from "./infra.ts";
import { StartError } from "./start-error.ts";

export interface Hosting {
  /** In the graph's order. */
  readonly services: readonly string[];
  readonly hasGateway: boolean;
  /** The door was asked for beside or instead of services: it has to lead to all that is exposed. Otherwise it leads to what is known. */
  readonly leadsEverywhere: boolean;
}

export interface HostingOptions {
  /** `--services a,b`. */
  readonly services?: string | undefined;
  readonly gatewayOnly?: boolean | undefined;
  readonly noGateway?: boolean | undefined;
}

/** Of an app whose graph names no gateway: what Encore.ts calls the one that it then has. */
const UNNAMED_GATEWAY = "api-gateway";

/** Throws StartError `hosting_invalid`, `unknown_service`, `unknown_gateway`. */
export function readHosting(
  graph: Graph,
  options: HostingOptions,
  infra: Pick<Infra, "hostedServices" | "hostedGateways">,
): Hosting {
  const { gatewayOnly = false, noGateway = false } = options;
  if (gatewayOnly && noGateway) throw invalid("--gateway-only and --no-gateway exclude each other");
  if (gatewayOnly && options.services !== undefined)
    throw invalid("--gateway-only hosts no service: leave out --services");
  const wanted = options.services?.split(",").map((name) => name.trim()) ?? (gatewayOnly ? [] : infra.hostedServices);
  const services = knownServices(graph, wanted);
  const isNamed = gatewayOnly || (infra.hostedGateways !== undefined && namesGateway(graph, infra.hostedGateways));
  const { unit } = graph.app;
  const hasGateway = !noGateway && (isNamed || (infra.hostedGateways === undefined && unit?.gateway !== false));
  if (hasGateway && unit?.gateway === false)
    throw invalid("this build is of services alone: it does not have the public door");
  if (services.length === 0 && !hasGateway)
    throw invalid("this process would host neither a service nor the public door");
  return {
    services,
    hasGateway,
    leadsEverywhere: hasGateway && (isNamed || services.length === 0 || unit?.gateway === true),
  };
}

/** Every service of the app is in this process. */
export function hostsAllServices({ app, services }: Graph, hosting: Hosting): boolean {
  return app.unit === undefined && hosting.services.length === services.length;
}

function knownServices(graph: Graph, wanted: readonly string[] | undefined): readonly string[] {
  const all = graph.app.unit?.services ?? graph.services.map((service) => service.name);
  if (wanted === undefined) return all;
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new StartError(
      "unknown_service",
      `this build has no service "${unknown.join('", "')}"`,
      `It has: ${all.join(", ")}.`,
    );
  }
  return all.filter((name) => wanted.includes(name));
}

/** One door serves the hosts of all gateways: it is in a process whole or not at all. */
function namesGateway(graph: Graph, wanted: readonly string[]): boolean {
  const declared = (graph.gateways ?? []).map(({ name }) => name);
  const all = declared.length === 0 ? [UNNAMED_GATEWAY] : declared;
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    throw new StartError(
      "unknown_gateway",
      `hosted_gateways names "${unknown.join('", "')}", which this build does not have`,
      `It has: ${all.join(", ")}.`,
    );
  }
  const missing = all.filter((name) => !wanted.includes(name));
  if (wanted.length > 0 && missing.length > 0) {
    throw invalid(`hosted_gateways has to name all gateways of the app or none; it lacks "${missing.join('", "')}"`);
  }
  return wanted.length > 0;
}

function invalid(message: string): StartError {
  return new StartError("hosting_invalid", message, "docs/reference/infra.md tells how an app is split.");
}
