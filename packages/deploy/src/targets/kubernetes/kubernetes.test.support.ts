// Deployments of test graphs, as the Kubernetes target makes them.
import type { Graph } from "@tenon/model";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import type { Placement } from "../../deployment/placement.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { writtenOut } from "./open-values.ts";
import { readKubernetesSettings } from "./read-settings.ts";
import { type KubernetesResources, kubernetesResources } from "./resources.ts";
import { kubernetesTarget } from "./target.ts";

const hosts = {
  databaseHost: "db.internal",
  cacheHost: "cache.internal",
  objectStoreUrl: "https://objects.example.com",
  brokerHost: "broker.internal",
};

export function inputFor(graph: Graph, given: object = {}, placement: Placement = "per-service"): TargetInput {
  const settings = readSettings(kubernetesTarget, { ...hosts, ...given }, {});
  return { deployment: deriveDeployment(graph, placement), graph, settings };
}

export function sampleInput(given: object = {}, placement: Placement = "per-service"): TargetInput {
  return inputFor(sampleGraph, given, placement);
}

export function resourcesFor(input: TargetInput): KubernetesResources {
  const settings = readKubernetesSettings(input);
  return kubernetesResources(input.deployment, settings, writtenOut(input.deployment, settings));
}

export function objectsFor(input: TargetInput): readonly KubernetesObject[] {
  return [...resourcesFor(input).groups.values()].flat();
}

export function objectNamed(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} "${name}"`);
  return found;
}

export interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly [probe: string]: unknown;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: {
    readonly runAsNonRoot: boolean;
    readonly runAsUser: number;
    readonly seccompProfile: { readonly type: string };
  };
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

export function podsOf(objects: readonly KubernetesObject[]): readonly (readonly [KubernetesObject, PodSpec])[] {
  return objects.flatMap((object) => {
    const template = (object["spec"] as { template?: { spec: PodSpec } } | undefined)?.template;
    return template === undefined ? [] : [[object, template.spec] as const];
  });
}

export function containerOf(input: TargetInput, kind: string, name: string): Container {
  const object = objectNamed(objectsFor(input), kind, name);
  return (object["spec"] as { template: { spec: PodSpec } }).template.spec.containers[0]!;
}
