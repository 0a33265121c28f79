// What the code does not call, the network refuses: nothing is allowed to the app's pods but the edges of the deployment, a rule for each.
// Probes come from the node itself, which no policy keeps from its own pods.
import { type Deployment, edgesOf, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { engineFor } from "./engine-names.ts";
import { appSelector, type KubernetesObject, type Labels, labelsOf, phased, podSelector } from "./kubernetes-object.ts";
import { managedBrokerHosts } from "./managed-broker-hosts.ts";
import { migrationName, migratingUnits } from "./migration.ts";
import {
  blockPeer,
  dnsRule,
  namespacePeer,
  outsideRule,
  type Peer,
  podPeer,
  type Rule,
  tcp,
  urlRule,
} from "./network-peers.ts";
import { INTERNAL_PORT, PUBLIC_PORT } from "./ports.ts";
import type { KubernetesSettings } from "./read-settings.ts";

/** Of the policy that lets nothing pass; no process can be called so. */
export const DEFAULT_DENY = "default-deny";

/** What stands for names of a cloud's services, which policies do not know: any address, unless `egressCidrs` says which. */
const managedHost = "cloud";

/** Says in words what the rules allow. */
const EDGES_ANNOTATION = "tenon/edges";

export function networkPolicies(deployment: Deployment, settings: KubernetesSettings): readonly KubernetesObject[] {
  const { app, units } = deployment;
  return [
    policy(app, DEFAULT_DENY, appSelector(app), [], []),
    ...units.map((unit) => unitPolicy(deployment, unit, settings)),
  ];
}

/** Migrations reach PostgreSQL and nothing else. */
export function migrationPolicies(deployment: Deployment, settings: KubernetesSettings): readonly KubernetesObject[] {
  const { app } = deployment;
  return migratingUnits(deployment)
    .map(({ name }) => migrationName(name))
    .map((name) => policy(app, name, podSelector(app, name), [], [dnsRule(settings), databaseRule(app, settings)]));
}

function unitPolicy(deployment: Deployment, unit: Unit, settings: KubernetesSettings): KubernetesObject {
  const { app } = deployment;
  const { name } = unit;
  const calls = edgesOf(deployment, name, "call");
  const callers = deployment.edges.flatMap((edge) => (edge.kind === "call" && edge.to === name ? [edge.from] : []));
  const metrics = settings.metricsNamespace === undefined ? [] : [namespacePeer(settings.metricsNamespace)];
  const ingress: Rule[] = [
    ...callers.map((from) => ({ from: [podPeer(app, from)], ports: [tcp(INTERNAL_PORT)] })),
    ...metrics.map((peer) => ({ from: [peer], ports: [tcp(INTERNAL_PORT)] })),
    ...(unit.kind === "services" ? [] : [doorRule(settings)]),
  ];
  const egress: Rule[] = [
    dnsRule(settings),
    ...calls.map(({ to }) => ({ to: [podPeer(app, to)], ports: [tcp(INTERNAL_PORT)] })),
    ...outsideRules(deployment, unit, settings),
  ];
  const edges = calls.map(({ to, endpoints }) => `${name} -> ${to}: ${endpoints.join(", ")}`).join("\n");
  const annotations = edges === "" ? undefined : { [EDGES_ANNOTATION]: edges };
  return policy(app, name, podSelector(app, name), ingress, distinct(egress), annotations);
}

function doorRule({ door, doorNamespace, doorCidrs }: KubernetesSettings): Rule {
  const from: Peer[] = [
    ...(doorNamespace === undefined || door === "load-balancer" ? [] : [namespacePeer(doorNamespace)]),
    ...doorCidrs.map(blockPeer),
  ];
  return { ...(from.length === 0 ? {} : { from }), ports: [tcp(PUBLIC_PORT)] };
}

function outsideRules(deployment: Deployment, unit: Unit, settings: KubernetesSettings): Rule[] {
  const { app } = deployment;
  const { name } = unit;
  const { broker, otlpEndpoint } = settings;
  const has = (kind: "database" | "bucket") => edgesOf(deployment, name, kind).length > 0;
  const topics = usesTopics(deployment, name);
  return [
    ...(has("database") || (topics && broker === "postgres") ? [databaseRule(app, settings)] : []),
    ...(topics && broker !== "postgres" ? brokerRules(app, settings) : []),
    ...edgesOf(deployment, name, "cache").map(({ cache }) => cacheRule(app, cache, settings)),
    ...(has("bucket") ? [objectsRule(settings)] : []),
    ...(otlpEndpoint === undefined ? [] : [urlRule(otlpEndpoint, "telemetry", settings)]),
    ...identityRules(name, settings),
    ...(settings.outside[name] ?? []).map(placeRule),
  ];
}

function databaseRule(app: string, settings: KubernetesSettings): Rule {
  const host = settings.infra.sql_servers?.[0]["host"] ?? settings.databaseHost;
  return engineRule(app, "database", settings) ?? outsideRule(String(host), 5432, "database", settings);
}

function cacheRule(app: string, cache: string, settings: KubernetesSettings): Rule {
  const host = settings.infra.redis?.[cache]?.["host"] ?? settings.cacheHost;
  return engineRule(app, "cache", settings) ?? outsideRule(String(host), 6379, "cache", settings);
}

/** Stores of a cloud are reached by HTTPS. */
function objectsRule(settings: KubernetesSettings): Rule {
  const [store] = settings.infra.object_storage ?? [];
  if (store === undefined) return urlRule(settings.objectStoreUrl, "objectStore", settings);
  const { endpoint } = store;
  return typeof endpoint === "string"
    ? urlRule(endpoint, "objectStore", settings)
    : outsideRule(managedHost, 443, "objectStore", settings);
}

function brokerRules(app: string, settings: KubernetesSettings): Rule[] {
  const { broker, brokerHost, infra } = settings;
  if (broker === "managed") {
    const hosts = managedBrokerHosts(infra.pubsub![0]);
    return hosts.map(({ host = managedHost, port }) => outsideRule(host, port, "broker", settings));
  }
  const port = broker === "nats" ? 4222 : 6379;
  return [engineRule(app, "broker", settings) ?? outsideRule(brokerHost, port, "broker", settings)];
}

/** undefined: it does not run in this namespace. */
function engineRule(
  app: string,
  kind: "database" | "broker" | "cache",
  settings: KubernetesSettings,
): Rule | undefined {
  if (!settings.engines) return undefined;
  const { name, port } = engineFor(kind, settings);
  return { to: [podPeer(app, name)], ports: [tcp(port)] };
}

/** Where the cloud gives credentials for an identity: on Google's nodes, elsewhere at public addresses. */
function identityRules(unit: string, { cloud, identities }: KubernetesSettings): Rule[] {
  if (cloud === undefined || identities[unit] === undefined) return [];
  if (cloud !== "gcp") return [{ ports: [tcp(443)] }];
  return [
    { to: [blockPeer("169.254.169.254/32")], ports: [tcp(80)] },
    { to: [blockPeer("169.254.169.252/32")], ports: [tcp(988)] },
  ];
}

/** "0.0.0.0/0:443" */
function placeRule(place: string): Rule {
  const colon = place.lastIndexOf(":");
  return { to: [blockPeer(place.slice(0, colon))], ports: [tcp(Number(place.slice(colon + 1)))] };
}

function distinct(rules: readonly Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function policy(
  app: string,
  name: string,
  selector: { readonly matchLabels: Labels },
  ingress: readonly Rule[],
  egress: readonly Rule[],
  annotations?: Labels,
): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name,
      labels: phased(labelsOf(app, name, "config"), "prepare"),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      podSelector: selector,
      policyTypes: ["Ingress", "Egress"],
      ...(ingress.length === 0 ? {} : { ingress }),
      ...(egress.length === 0 ? {} : { egress }),
    },
  };
}
