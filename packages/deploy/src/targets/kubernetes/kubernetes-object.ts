// Objects of Kubernetes as plain data, and the labels that tell ours from others.

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [key: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export type Labels = Readonly<Record<string, string>>;

export type Component = "app" | "services" | "gateway" | "migration" | "engine" | "config";

/**
 * `prepare`: has to be there, and its Jobs have to be done, before the new version of what is `serve` starts. A label of the object itself,
 * so that `kubectl apply -l` can take one and then the other.
 */
export type Phase = "prepare" | "serve";

export const PHASE_LABEL = "tenon/phase";

export function labelsOf(app: string, name: string, component: Component): Labels {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": app,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "tenon",
  };
}

export function phased(labels: Labels, phase: Phase): Labels {
  return { ...labels, [PHASE_LABEL]: phase };
}

/** The pods of one process, engine or migration. */
export function podSelector(app: string, name: string): { readonly matchLabels: Labels } {
  return { matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": app } };
}

/** All pods of the app. */
export function appSelector(app: string): { readonly matchLabels: Labels } {
  return { matchLabels: { "app.kubernetes.io/part-of": app } };
}
