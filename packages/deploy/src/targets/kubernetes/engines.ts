// PostgreSQL, broker and cache in the cluster, one pod each, to try the app out. Not for production: nothing is replicated or backed up, and
// nothing is encrypted on the way.
import type { Deployment } from "../../deployment/deployment.ts";
import type { ConfigFile } from "./config-file.ts";
import { type EngineName, engineFor, engines } from "./engine-names.ts";
import { type KubernetesObject, labelsOf, type Metadata, phased, podSelector } from "./kubernetes-object.ts";
import type { OpenValues } from "./open-values.ts";
import { migrationName, migratingUnits } from "./migration.ts";
import { podPeer, tcp } from "./network-peers.ts";
import { messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { containerSecurity, podSecurity } from "./pod.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { brokerUsers, cacheUsers, postgresUsers } from "./users-of-places.ts";

export const ADMIN_PASSWORD = "POSTGRES_PASSWORD";

interface Engine {
  readonly image: string;
  readonly userId: number;
  readonly args?: readonly string[];
  readonly data: string;
  readonly env?: readonly unknown[];
  /** Folders besides the data that are written to. */
  readonly scratch: readonly string[];
  readonly isKept: boolean;
  /** name of a ConfigMap -> where it is mounted */
  readonly configMaps?: Readonly<Record<string, string>>;
}

/** Engine -> names of the pods that may reach it. */
export function enginesNeeded(
  deployment: Deployment,
  settings: KubernetesSettings,
): ReadonlyMap<EngineName, readonly string[]> {
  const needed = new Map<EngineName, readonly string[]>();
  if (!settings.engines) return needed;
  const add = (kind: "database" | "broker" | "cache", users: readonly string[]) => {
    const name = (Object.keys(engines) as EngineName[]).find((one) => engines[one] === engineFor(kind, settings))!;
    if (users.length > 0) needed.set(name, users);
  };
  const migrations = migratingUnits(deployment).map(({ name }) => migrationName(name));
  add("database", [...postgresUsers(deployment, settings), ...migrations]);
  if (settings.broker !== "postgres") add("broker", brokerUsers(deployment));
  add("cache", cacheUsers(deployment));
  return needed;
}

export function engineObjects(
  deployment: Deployment,
  settings: KubernetesSettings,
  values: OpenValues,
): readonly KubernetesObject[] {
  const { app } = deployment;
  return [...enginesNeeded(deployment, settings)].flatMap(([engine, users]) => {
    const { name, port } = engines[engine];
    const annotations = { "tenon/not-for-production": "nothing is replicated, backed up or encrypted" };
    const metadata = { name, labels: phased(labelsOf(app, name, "engine"), "prepare"), annotations };
    const selector = podSelector(app, name);
    const ports = [{ name: "engine", port, targetPort: "engine", protocol: "TCP" }];
    const from = users.map((user) => podPeer(app, user));
    return [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { type: "ClusterIP", selector: selector.matchLabels, ports },
      },
      statefulSet(app, metadata, port, engineOf(engine, deployment, settings, values)),
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata,
        spec: { podSelector: selector, policyTypes: ["Ingress", "Egress"], ingress: [{ from, ports: [tcp(port)] }] },
      },
    ];
  });
}

/** Makes a database and a role of its own for each that the app has. */
export function initFile(deployment: Deployment, settings: KubernetesSettings): ConfigFile {
  const file = "databases.sh";
  return {
    name: "engine-postgres-init",
    file,
    source: file,
    text: initScript(deployment, settings),
    isMigrations: false,
  };
}

function initScript(deployment: Deployment, settings: KubernetesSettings): string {
  const calls = engineDatabases(deployment, settings).map((name) => `  create '${name}' "$${passwordVariable(name)}"`);
  return `# Runs once, when the data folder is new: the image's entry point reads it into its own shell, whose settings are left alone.
create() {
  psql -v ON_ERROR_STOP=1 -v name="$1" -v password="$2" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}
(
  set -eu
${calls.join("\n")}
)
`;
}

function engineDatabases({ databases, topics }: Deployment, { broker }: KubernetesSettings): readonly string[] {
  const names = databases.map(({ name }) => name);
  return topics.length > 0 && broker === "postgres" ? [...names, messagesDatabase] : names;
}

function engineOf(
  engine: EngineName,
  deployment: Deployment,
  settings: KubernetesSettings,
  values: OpenValues,
): Engine {
  const valkey = { image: "valkey/valkey:8", userId: 999, data: "/data", scratch: [] };
  switch (engine) {
    case "postgres":
      return postgres(deployment, settings, values);
    case "nats":
      return {
        image: "nats:2",
        userId: 65532,
        args: ["-js", "-sd", "/data"],
        data: "/data",
        scratch: [],
        isKept: true,
      };
    case "broker":
      return { ...valkey, args: ["valkey-server", "--appendonly", "yes", "--appendfsync", "always"], isKept: true };
    case "cache":
      return { ...valkey, args: ["valkey-server", "--save", "", "--maxmemory", "256mb"], isKept: false };
  }
}

function postgres(
  deployment: Deployment,
  settings: KubernetesSettings,
  { secretName, configMapName }: OpenValues,
): Engine {
  const data = "/var/lib/postgresql/data";
  const keys = [ADMIN_PASSWORD, ...engineDatabases(deployment, settings).map(passwordVariable)];
  return {
    image: "postgres:17",
    userId: 999,
    data,
    scratch: ["/var/run/postgresql"],
    isKept: true,
    env: [
      { name: "PGDATA", value: `${data}/pgdata` },
      ...keys.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secretName, key } } })),
    ],
    configMaps: { [configMapName(initFile(deployment, settings))]: "/docker-entrypoint-initdb.d" },
  };
}

function statefulSet(app: string, metadata: Metadata, port: number, engine: Engine): KubernetesObject {
  const { image, args, env, userId, data, isKept } = engine;
  const scratch = ["/tmp", ...engine.scratch].map((mountPath, index) => ({ name: `scratch-${index}`, mountPath }));
  const configs = Object.entries(engine.configMaps ?? {}).map(([name, mountPath], index) => ({
    mount: { name: `config-${index}`, mountPath, readOnly: true },
    volume: { name: `config-${index}`, configMap: { name } },
  }));
  const container = {
    name: "engine",
    image,
    ...(args === undefined ? {} : { args }),
    ports: [{ name: "engine", containerPort: port, protocol: "TCP" }],
    ...(env === undefined ? {} : { env }),
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    readinessProbe: { tcpSocket: { port: "engine" }, periodSeconds: 5 },
    securityContext: containerSecurity,
    volumeMounts: [{ name: "data", mountPath: data }, ...configs.map(({ mount }) => mount), ...scratch],
  };
  const kept = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      serviceName: metadata.name,
      replicas: 1,
      selector: podSelector(app, metadata.name),
      template: {
        metadata: { labels: labelsOf(app, metadata.name, "engine") },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: { ...podSecurity(userId), fsGroup: userId },
          containers: [container],
          volumes: [
            ...(isKept ? [] : [{ name: "data", emptyDir: {} }]),
            ...configs.map(({ volume }) => volume),
            ...scratch.map(({ name }) => ({ name, emptyDir: {} })),
          ],
        },
      },
      ...(isKept ? { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: kept }] } : {}),
    },
  };
}
