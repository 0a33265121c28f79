// Rules of NetworkPolicies: pods of the app, places outside of it, the cluster's DNS.
import { podSelector } from "./kubernetes-object.ts";
import type { KubernetesSettings, OutsideKind } from "./read-settings.ts";

export type Peer = { readonly [key: string]: unknown };

export interface NetworkPort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

/** `to` of egress, `from` of ingress; without it anybody. */
export interface Rule {
  readonly to?: readonly Peer[];
  readonly from?: readonly Peer[];
  readonly ports: readonly NetworkPort[];
}

export function tcp(port: number): NetworkPort {
  return { protocol: "TCP", port };
}

export function podPeer(app: string, name: string): Peer {
  return { podSelector: podSelector(app, name) };
}

export function namespacePeer(namespace: string): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

export function blockPeer(cidr: string): Peer {
  return { ipBlock: { cidr } };
}

export function dnsRule({ dnsCidrs }: KubernetesSettings): Rule {
  const server = { ...namespacePeer("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
  return { to: [server, ...dnsCidrs.map(blockPeer)], ports: [{ protocol: "UDP", port: 53 }, tcp(53)] };
}

/**
 * Egress to a host that is not a process of the app. Policies know no host names: a name leads to any address, unless a setting says which
 * there are, on its port alone.
 */
export function outsideRule(
  host: string,
  defaultPort: number,
  kind: OutsideKind,
  { egressCidrs }: KubernetesSettings,
): Rule {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const ports = [tcp(Number(port ?? defaultPort))];
  const to = egressCidrs[kind]?.map(blockPeer) ?? peersNamed(name);
  return to === undefined ? { ports } : { to, ports };
}

export function urlRule(text: string, kind: OutsideKind, settings: KubernetesSettings): Rule {
  const { hostname, port, protocol } = new URL(text);
  return outsideRule(port === "" ? hostname : `${hostname}:${port}`, protocol === "https:" ? 443 : 80, kind, settings);
}

function peersNamed(name: string): readonly Peer[] | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return [blockPeer(`${name}/32`)];
  // "postgres.data.svc.cluster.local", "postgres.data.svc"
  const [, namespace] = /^[^.]+\.([^.]+)\.svc(\..*)?$/.exec(name) ?? [];
  return namespace === undefined ? undefined : [namespacePeer(namespace)];
}
