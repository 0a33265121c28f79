// The pod of a process or of a migration: restricted as far as Kubernetes can restrict one (the "restricted" Pod Security Standard, and a
// root file system that cannot be written).
import type { Unit } from "../../deployment/deployment.ts";
import { type EnvironmentVariable, INFRA_FOLDER } from "./environment.ts";
import type { Labels } from "./kubernetes-object.ts";
import { CA_FOLDER } from "./places.ts";
import type { KubernetesSettings } from "./read-settings.ts";

/** As in the images that Tenon makes. */
const USER_ID = 65532;

export interface PodInput {
  readonly labels: Labels;
  readonly annotations?: Labels;
  readonly serviceAccountName: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly environment: readonly EnvironmentVariable[];
  readonly configMapName: string;
  readonly usesPostgres: boolean;
  readonly resources: unknown;
  /** Of a container that serves. */
  readonly serving?: { readonly ports: readonly unknown[]; readonly probes: { readonly [key: string]: unknown } };
  readonly settings: KubernetesSettings;
}

export function startArgs({ kind, services }: Unit): readonly string[] {
  if (kind === "app") return ["start"];
  return kind === "gateway" ? ["start", "--gateway-only"] : ["start", "--services", services.join(","), "--no-gateway"];
}

/** `spec.template` of Deployments and Jobs; `podSettings`: what the two have of their own. */
export function podTemplate(input: PodInput, podSettings: { readonly [key: string]: unknown }) {
  const { labels, annotations, settings } = input;
  const { imagePullSecret } = settings;
  return {
    metadata: { labels, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      serviceAccountName: input.serviceAccountName,
      // Nothing here talks to the API server.
      automountServiceAccountToken: false,
      // Addresses of the namespace's Services would become environment variables, whatever those mean to the app.
      enableServiceLinks: false,
      securityContext: podSecurity(USER_ID),
      ...(imagePullSecret === undefined ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
      ...podSettings,
      containers: [containerOf(input)],
      volumes: volumesOf(input),
    },
  };
}

export function podSecurity(userId: number): { readonly [key: string]: unknown } {
  return { runAsNonRoot: true, runAsUser: userId, runAsGroup: userId, seccompProfile: { type: "RuntimeDefault" } };
}

export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} as const;

function containerOf(input: PodInput) {
  return {
    name: "app",
    image: input.image,
    args: input.args,
    ...(input.serving === undefined ? {} : { ports: input.serving.ports }),
    env: input.environment,
    resources: input.resources,
    ...input.serving?.probes,
    securityContext: containerSecurity,
    volumeMounts: [
      { name: "infra", mountPath: INFRA_FOLDER, readOnly: true },
      ...(mountsCa(input) ? [{ name: "database-ca", mountPath: CA_FOLDER, readOnly: true }] : []),
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

function volumesOf(input: PodInput) {
  return [
    { name: "infra", configMap: { name: input.configMapName } },
    ...(mountsCa(input) ? [{ name: "database-ca", configMap: { name: input.settings.databaseCa } }] : []),
    { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
  ];
}

function mountsCa({ usesPostgres, settings }: PodInput): boolean {
  return usesPostgres && !settings.databaseWithoutTls && settings.databaseCa !== undefined;
}
