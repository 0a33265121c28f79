// The values that are decided when the objects are applied rather than when they are made: a chart takes them from its values, the other
// formats have them written out. Everything else of the model is the same in all formats.
import type { Deployment } from "../../deployment/deployment.ts";
import { hashOf } from "../../files/record.ts";
import type { ConfigFile } from "./config-file.ts";
import { type KubernetesSettings, scaleOf } from "./read-settings.ts";

export interface OpenValues {
  image(unit: string): string;
  /** Numbers and objects, or texts that stand for them (chartValue). */
  replicas(unit: string): unknown;
  maxReplicas(unit: string): unknown;
  cpuPercent(unit: string): unknown;
  resources(unit: string): unknown;
  /** undefined: none, and nothing that could be filled in. */
  serviceAccountAnnotations(unit: string): unknown;
  readonly secretName: string;
  /** undefined: any host name. */
  readonly publicHost: string | undefined;
  /** The name that objects refer to it by: another content has another one, so that pods start anew with it. */
  configMapName(file: ConfigFile): string;
  /** The name of a Job: another one for whatever else it runs or is told, since a Job can't be changed. */
  jobName(name: string, content: unknown): string;
}

export function writtenOut(deployment: Deployment, settings: KubernetesSettings): OpenValues {
  return {
    image: (unit) => imageOf(deployment, settings, unit),
    replicas: (unit) => scaleOf(settings, unit).replicas,
    maxReplicas: (unit) => scaleOf(settings, unit).maxReplicas,
    cpuPercent: (unit) => scaleOf(settings, unit).cpuPercent,
    resources: (unit) => resourcesOf(settings, unit),
    serviceAccountAnnotations: (unit) => identityAnnotations(settings, unit),
    secretName: settings.secretName,
    publicHost: settings.publicHost,
    // Kustomize puts a hash of its own behind the names of those it makes.
    configMapName: ({ name, text }) => (settings.format === "kustomize" ? name : `${name}-${shortHash(text)}`),
    jobName: (name, content) => `${name}-${shortHash(JSON.stringify(content))}`,
  };
}

/** What a chart's templates say in place of the values; see values of render-helm.ts. */
export function fromChart(deployment: Deployment, settings: KubernetesSettings): OpenValues {
  const of = (unit: string) => `(index .Values.units ${JSON.stringify(unit)})`;
  const { perUnitImages } = settings;
  const plain = writtenOut(deployment, settings);
  return {
    ...plain,
    image: (unit) => `{{ .Values.image.prefix }}/${perUnitImages ? unit : deployment.app}:{{ .Values.image.tag }}`,
    replicas: (unit) => chartValue(`${of(unit)}.replicas`),
    maxReplicas: (unit) => chartValue(`${of(unit)}.maxReplicas`),
    cpuPercent: (unit) => chartValue(`${of(unit)}.cpuPercent`),
    resources: (unit) => chartValue(`toJson ${of(unit)}.resources`),
    serviceAccountAnnotations: (unit) => chartValue(`toJson ${of(unit)}.serviceAccountAnnotations`),
    secretName: "{{ .Values.secretName }}",
    publicHost: settings.publicHost === undefined ? undefined : "{{ .Values.publicHost }}",
    // Helm removes those of migrations before it makes the next (render-helm.ts).
    configMapName: (file) => (file.isMigrations ? file.name : plain.configMapName(file)),
    jobName: (name) => name,
  };
}

/** A text that a template's text shows without quotes around it, since what it gives is no text. */
export function chartValue(expression: string): string {
  return `@@${expression}@@`;
}

export function imageOf(
  { app }: Deployment,
  { imagePrefix, tag, perUnitImages }: KubernetesSettings,
  unit: string,
): string {
  return `${imagePrefix}/${perUnitImages ? unit : app}:${tag}`;
}

/** Memory is not shared out beyond what there is; CPU is, since a limit on it only makes slow. */
export function resourcesOf(settings: KubernetesSettings, unit: string): { readonly [key: string]: unknown } {
  const { cpu, memory } = scaleOf(settings, unit);
  return { requests: { cpu, memory }, limits: { memory } };
}

export function identityAnnotations(
  { cloud, identities }: KubernetesSettings,
  unit: string,
): Readonly<Record<string, string>> | undefined {
  const identity = identities[unit];
  if (identity === undefined || cloud === undefined) return undefined;
  const annotation = {
    aws: "eks.amazonaws.com/role-arn",
    gcp: "iam.gke.io/gcp-service-account",
    azure: "azure.workload.identity/client-id",
  }[cloud];
  return { [annotation]: identity };
}

function shortHash(text: string): string {
  return hashOf(text).slice(0, 8);
}
