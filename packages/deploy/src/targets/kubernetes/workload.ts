// What runs one process of the app: Deployment, Service, ServiceAccount, HorizontalPodAutoscaler and PodDisruptionBudget.
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import { environmentOf } from "./environment.ts";
import { type KubernetesObject, labelsOf, phased, podSelector } from "./kubernetes-object.ts";
import type { OpenValues } from "./open-values.ts";
import { type PodInput, podTemplate, startArgs } from "./pod.ts";
import { INTERNAL_PORT, internalPort, publicPort } from "./ports.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { usesPostgres } from "./users-of-places.ts";

/** Time for the cluster to send no more new connections to a pod that is going: it learns of it while the pod already stops. */
const ROUTING_SECONDS = 5;
/** For the last spans, metrics and the end of the process, after what `graceful_shutdown` gives it. */
const SPARE_SECONDS = 5;

export interface WorkloadInput {
  readonly deployment: Deployment;
  readonly unit: Unit;
  readonly settings: KubernetesSettings;
  readonly values: OpenValues;
  /** Of its infra.json, as objects refer to it. */
  readonly configMapName: string;
}

export function workloadOf(input: WorkloadInput): readonly KubernetesObject[] {
  const { deployment, unit, values } = input;
  const { app } = deployment;
  const labels = phased(labelsOf(app, unit.name, unit.kind), "serve");
  const metadata = { name: unit.name, labels };
  const isSingle = mustBeSingle(deployment, unit, input.settings);
  const annotations = values.serviceAccountAnnotations(unit.name) as Readonly<Record<string, string>> | undefined;
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }) },
      automountServiceAccountToken: false,
    },
    serviceOf(input, metadata),
    { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: deploymentSpec(input, isSingle) },
    ...(isSingle ? [] : [autoscaler(input, metadata), disruptionBudget(input, metadata)]),
  ];
}

/** Without a database to agree in, each of several would run every tick of the cron jobs. */
export function mustBeSingle(deployment: Deployment, unit: Unit, settings: KubernetesSettings): boolean {
  return unit.hasCron && !usesPostgres(deployment, unit, settings);
}

function serviceOf(
  { deployment, unit, settings }: WorkloadInput,
  metadata: KubernetesObject["metadata"],
): KubernetesObject {
  const isPublic = unit.kind !== "services";
  const isBalanced = isPublic && settings.door === "load-balancer";
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: isBalanced ? "LoadBalancer" : "ClusterIP",
      selector: podSelector(deployment.app, unit.name).matchLabels,
      ports: [
        isPublic
          ? {
              name: publicPort.name,
              port: isBalanced ? 80 : publicPort.containerPort,
              targetPort: publicPort.name,
              protocol: "TCP",
            }
          : { name: internalPort.name, port: INTERNAL_PORT, targetPort: internalPort.name, protocol: "TCP" },
      ],
    },
  };
}

/** No `replicas`: the autoscaler says how many, and applying the file again must not say otherwise. */
function deploymentSpec(input: WorkloadInput, isSingle: boolean) {
  const { deployment, unit, settings } = input;
  const rolling = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } };
  return {
    ...(isSingle ? { replicas: 1 } : {}),
    revisionHistoryLimit: 5,
    selector: podSelector(deployment.app, unit.name),
    strategy: isSingle ? { type: "Recreate" } : rolling,
    template: podTemplate(podInput(input), {
      terminationGracePeriodSeconds: ROUTING_SECONDS + settings.shutdownSeconds + SPARE_SECONDS,
      topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: podSelector(deployment.app, unit.name),
        matchLabelKeys: ["pod-template-hash"],
      })),
    }),
  };
}

function podInput({ deployment, unit, settings, values, configMapName }: WorkloadInput): PodInput {
  const { name, kind } = unit;
  const { metricsNamespace, cloud, identities } = settings;
  const usesIdentity = cloud === "azure" && identities[name] !== undefined;
  return {
    labels: {
      ...labelsOf(deployment.app, name, kind),
      ...(usesIdentity ? { "azure.workload.identity/use": "true" } : {}),
    },
    ...(metricsNamespace === undefined ? {} : { annotations: scraped }),
    serviceAccountName: name,
    image: values.image(name),
    args: startArgs(unit),
    environment: environmentOf(deployment, unit, settings, values.secretName),
    configMapName,
    usesPostgres: usesPostgres(deployment, unit, settings),
    resources: values.resources(name),
    serving: { ports: kind === "services" ? [internalPort] : [publicPort, internalPort], probes },
    settings,
  };
}

/** What Prometheus' usual configuration for pods looks for. */
const scraped = {
  "prometheus.io/scrape": "true",
  "prometheus.io/port": String(INTERNAL_PORT),
  "prometheus.io/path": "/__tenon/metrics",
};

const health = { path: "/__tenon/healthz", port: internalPort.name };
const readiness = { path: "/__tenon/readyz", port: internalPort.name };

const probes = {
  // The door opens when services have started: for two minutes that may take.
  startupProbe: { httpGet: health, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 },
  readinessProbe: { httpGet: readiness, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
  livenessProbe: { httpGet: health, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  // Told to stop, a process accepts no more connections at once; until the cluster knows, new ones still come.
  lifecycle: { preStop: { sleep: { seconds: ROUTING_SECONDS } } },
};

function autoscaler({ unit, values }: WorkloadInput, metadata: KubernetesObject["metadata"]): KubernetesObject {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: unit.name },
      minReplicas: values.replicas(unit.name),
      maxReplicas: values.maxReplicas(unit.name),
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: values.cpuPercent(unit.name) } },
        },
      ],
    },
  };
}

/** Not `minAvailable`: with one replica that would let no node be emptied. */
function disruptionBudget(
  { deployment, unit }: WorkloadInput,
  metadata: KubernetesObject["metadata"],
): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { maxUnavailable: 1, selector: podSelector(deployment.app, unit.name) },
  };
}
