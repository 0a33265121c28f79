// What NetworkPolicies allow, by the rules of networking.k8s.io/v1: a connection passes when the egress of the one pod and the ingress of the
// other let it. A pod is isolated in a direction once a policy of its namespace selects it for that direction; then only what one of those
// policies has a rule for passes.
import type { KubernetesObject, Labels } from "./kubernetes-object.ts";

export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ip: string;
}

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyRule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly { readonly protocol?: string; readonly port?: number; readonly endPort?: number }[];
}

interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

export interface Connection {
  readonly from: Pod;
  readonly to: Pod;
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
}

/** `namespace`: of all the policies. Pods elsewhere are isolated by nothing. */
export class Network {
  private readonly namespace: string;
  private readonly policies: readonly PolicySpec[];
  private readonly namespaceLabels: (namespace: string) => Labels;

  constructor(objects: readonly KubernetesObject[], namespace: string) {
    this.namespace = namespace;
    this.policies = objects.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec as PolicySpec);
    // As Kubernetes labels every namespace.
    this.namespaceLabels = (name) => ({ "kubernetes.io/metadata.name": name });
  }

  allows(connection: Connection): boolean {
    return this.passes("Egress", connection) && this.passes("Ingress", connection);
  }

  private passes(direction: "Ingress" | "Egress", { from, to, port, protocol = "TCP" }: Connection): boolean {
    const [own, other] = direction === "Egress" ? [from, to] : [to, from];
    if (own.namespace !== this.namespace) return true;
    const selecting = this.policies.filter(
      (policy) => appliesIn(policy, direction) && matches(policy.podSelector, own.labels),
    );
    if (selecting.length === 0) return true;
    const rules = selecting.flatMap((policy) => (direction === "Egress" ? policy.egress : policy.ingress) ?? []);
    return rules.some(
      (rule) => this.hasPeer(direction === "Egress" ? rule.to : rule.from, other) && hasPort(rule, port, protocol),
    );
  }

  /** An empty list is one that is not there: everybody. */
  private hasPeer(peers: readonly PolicyPeer[] | undefined, pod: Pod): boolean {
    if (peers === undefined || peers.length === 0) return true;
    return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
      if (ipBlock !== undefined)
        return isIn(ipBlock.cidr, pod.ip) && !ipBlock.except?.some((cidr) => isIn(cidr, pod.ip));
      const isThere =
        namespaceSelector === undefined
          ? pod.namespace === this.namespace
          : matches(namespaceSelector, this.namespaceLabels(pod.namespace));
      return isThere && (podSelector === undefined || matches(podSelector, pod.labels));
    });
  }
}

function appliesIn({ policyTypes, egress }: PolicySpec, direction: "Ingress" | "Egress"): boolean {
  if (policyTypes !== undefined) return policyTypes.includes(direction);
  return direction === "Ingress" || egress !== undefined;
}

function hasPort({ ports }: PolicyRule, port: number, protocol: string): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some((one) => {
    if ((one.protocol ?? "TCP") !== protocol) return false;
    if (one.port === undefined) return true;
    return port >= one.port && port <= (one.endPort ?? one.port);
  });
}

export function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const isListed = value !== undefined && values.includes(value);
      return operator === "In" ? isListed : !isListed;
    })
  );
}

function isIn(cidr: string, ip: string): boolean {
  const [base = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(ip) / size);
}

function numberOf(ip: string): number {
  return ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
