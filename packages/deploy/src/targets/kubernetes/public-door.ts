// How the public reaches the app: an Ingress, or an HTTPRoute of the Gateway API. TLS ends there.
import type { Deployment } from "../../deployment/deployment.ts";
import { type KubernetesObject, labelsOf, phased } from "./kubernetes-object.ts";
import type { OpenValues } from "./open-values.ts";
import { PUBLIC_PORT, publicPort } from "./ports.ts";
import type { KubernetesSettings } from "./read-settings.ts";

/** None where nothing, or the Service itself, is the door. */
export function publicDoor(
  { app, units }: Deployment,
  settings: KubernetesSettings,
  { publicHost }: Pick<OpenValues, "publicHost">,
): readonly KubernetesObject[] {
  const unit = units.find(({ kind }) => kind !== "services");
  if (unit === undefined) return [];
  const metadata = { name: unit.name, labels: phased(labelsOf(app, unit.name, "config"), "serve") };
  if (settings.door === "ingress") return [ingress(unit.name, metadata, settings, publicHost)];
  return settings.door === "gateway-api" ? [httpRoute(unit.name, metadata, settings, publicHost)] : [];
}

function ingress(
  unit: string,
  metadata: KubernetesObject["metadata"],
  { ingressClass, ingressAnnotations, tlsSecret }: KubernetesSettings,
  host: string | undefined,
): KubernetesObject {
  const backend = { service: { name: unit, port: { name: publicPort.name } } };
  const isAnnotated = Object.keys(ingressAnnotations).length > 0;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { ...metadata, ...(isAnnotated ? { annotations: ingressAnnotations } : {}) },
    spec: {
      ...(ingressClass === undefined ? {} : { ingressClassName: ingressClass }),
      ...(tlsSecret === undefined
        ? {}
        : { tls: [{ ...(host === undefined ? {} : { hosts: [host] }), secretName: tlsSecret }] }),
      rules: [
        { ...(host === undefined ? {} : { host }), http: { paths: [{ path: "/", pathType: "Prefix", backend }] } },
      ],
    },
  };
}

function httpRoute(
  unit: string,
  metadata: KubernetesObject["metadata"],
  { gatewayRef }: KubernetesSettings,
  host: string | undefined,
): KubernetesObject {
  const [namespace, name] = gatewayRef!.split("/");
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata,
    spec: {
      parentRefs: [{ name, namespace }],
      ...(host === undefined ? {} : { hostnames: [host] }),
      rules: [
        { matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs: [{ name: unit, port: PUBLIC_PORT }] },
      ],
    },
  };
}
