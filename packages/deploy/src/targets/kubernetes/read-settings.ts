// The settings as the rest of the target reads them: with what follows from the app filled in.
import { DeployError } from "../../deploy-error.ts";
import type { Deployment } from "../../deployment/deployment.ts";
import { optionName } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import { engineHost } from "./engine-names.ts";
import { type ManagedInfra, refuseGaps } from "./managed-infra.ts";
import { kubernetesSettings } from "./settings.ts";

export interface Scale {
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly cpuPercent: number;
  readonly cpu: string;
  readonly memory: string;
}

export type OutsideKind = "database" | "broker" | "cache" | "objectStore" | "telemetry";

export interface KubernetesSettings extends Scale {
  readonly format: "kustomize" | "yaml" | "helm";
  readonly namespace: string;
  readonly imagePrefix: string;
  readonly tag: string;
  readonly perUnitImages: boolean;
  readonly revision?: string;
  readonly imagePullSecret: string | undefined;
  readonly environment: string;
  readonly baseUrl: string | undefined;
  readonly cloud: "aws" | "gcp" | "azure" | undefined;
  readonly identities: Readonly<Record<string, string>>;
  readonly secretName: string;
  readonly databaseHost: string;
  readonly databaseWithoutTls: boolean;
  readonly databaseCa: string | undefined;
  /** `managed`: what `infra` says. */
  readonly broker: "postgres" | "nats" | "redis" | "managed";
  readonly brokerHost: string;
  readonly brokerUser: string | undefined;
  readonly cacheHost: string;
  readonly cachePassword: boolean;
  readonly objectStoreUrl: string;
  readonly objectStoreRegion: string;
  readonly infra: ManagedInfra;
  readonly otlpEndpoint: string | undefined;
  readonly engines: boolean;
  readonly door: "ingress" | "gateway-api" | "load-balancer" | "none";
  readonly publicHost: string | undefined;
  readonly ingressClass: string | undefined;
  readonly ingressAnnotations: Readonly<Record<string, string>>;
  readonly tlsSecret: string | undefined;
  readonly gatewayRef: string | undefined;
  readonly doorNamespace: string | undefined;
  readonly doorCidrs: readonly string[];
  readonly metricsNamespace: string | undefined;
  readonly dnsCidrs: readonly string[];
  readonly egressCidrs: Readonly<Partial<Record<OutsideKind, readonly string[]>>>;
  readonly outside: Readonly<Record<string, readonly string[]>>;
  readonly units: Readonly<Record<string, Partial<Scale>>>;
  readonly shutdownSeconds: number;
}

/** Throws DeployError `setting_missing`, `setting_invalid`. */
export function readKubernetesSettings({ deployment, settings }: TargetInput): KubernetesSettings {
  // Types and values were looked at where the settings were read (settings.ts of the package).
  const given = settings as unknown as KubernetesSettings;
  const read: KubernetesSettings = {
    ...given,
    namespace: given.namespace ?? deployment.app,
    imagePrefix: given.imagePrefix ?? deployment.app,
    secretName: given.secretName ?? `${deployment.app}-secrets`,
    identities: given.identities ?? {},
    ingressAnnotations: given.ingressAnnotations ?? {},
    doorCidrs: given.doorCidrs ?? [],
    dnsCidrs: given.dnsCidrs ?? [],
    egressCidrs: given.egressCidrs ?? {},
    outside: given.outside ?? {},
    units: given.units ?? {},
    ...(given.engines ? engineHosts(given.broker) : {}),
    ...infraSettings(given),
  };
  refuseGaps(deployment, read.infra);
  refuseMissing(deployment, read);
  for (const key of ["identities", "outside", "units"] as const)
    refuseUnknownUnits(deployment, key, Object.keys(read[key]));
  return read;
}

export function scaleOf(settings: KubernetesSettings, unit: string): Scale {
  const { replicas, maxReplicas, cpuPercent, cpu, memory } = { ...settings, ...settings.units[unit] };
  return { replicas, maxReplicas: Math.max(replicas, maxReplicas), cpuPercent, cpu, memory };
}

/** Throws DeployError `setting_invalid`. */
function infraSettings({ infra = {}, engines, broker }: KubernetesSettings) {
  if (engines && Object.keys(infra).length > 0) {
    throw new DeployError(
      "setting_invalid",
      "deploy.kubernetes has both engines and infra",
      "With engines the servers run in the cluster, with infra somewhere else: leave one out.",
    );
  }
  return { infra, broker: infra.pubsub === undefined ? broker : ("managed" as const) };
}

function refuseMissing({ databases, topics, caches, buckets }: Deployment, settings: KubernetesSettings): void {
  const { broker, door, infra } = settings;
  const hasPostgres = databases.length > 0 || (topics.length > 0 && broker === "postgres");
  const needed: readonly (readonly [keyof KubernetesSettings & string, boolean])[] = [
    ["databaseHost", hasPostgres && infra.sql_servers === undefined],
    ["brokerHost", topics.length > 0 && (broker === "nats" || broker === "redis")],
    ["cacheHost", caches.length > 0 && infra.redis === undefined],
    ["objectStoreUrl", buckets.length > 0 && infra.object_storage === undefined],
    ["gatewayRef", door === "gateway-api"],
  ];
  const missing = needed.filter(([name, isNeeded]) => isNeeded && settings[name] === undefined).map(([name]) => name);
  if (missing.length === 0) return;
  const lines = missing.map((name) => `--${optionName(name)}: ${kubernetesSettings[name]!.summary}`);
  throw new DeployError(
    "setting_missing",
    `kubernetes needs to know\n${lines.join("\n")}`,
    `Give them on the command line, or in tenon.json: {"deploy": {"kubernetes": {"${missing[0]}": ...}}}; --engines puts databases, broker and cache into the cluster, to try it out.`,
  );
}

function refuseUnknownUnits({ units: all }: Deployment, key: string, names: readonly string[]): void {
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new DeployError(
    "setting_invalid",
    `deploy.kubernetes.${key} names "${unknown.join('", "')}", and there is no such process`,
    `There are ${known.join(", ")}.`,
  );
}

/** Without TLS and passwords of their own: the network lets nobody else to them. */
function engineHosts(broker: KubernetesSettings["broker"]) {
  return {
    databaseHost: engineHost("database", { broker }),
    databaseWithoutTls: true,
    databaseCa: undefined,
    brokerHost: engineHost("broker", { broker }),
    brokerUser: undefined,
    cacheHost: engineHost("cache", { broker }),
    cachePassword: false,
  };
}
