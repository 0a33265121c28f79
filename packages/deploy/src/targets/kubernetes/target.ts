// Kubernetes: EKS, AKS, GKE or any other, version 1.30 or newer.
import type { Target, TargetInput } from "../../target.ts";
import { migratingUnits } from "./migration.ts";
import { objectsIn } from "./objects-in.ts";
import { type KubernetesSettings, readKubernetesSettings } from "./read-settings.ts";
import { createSecretLine, renderKubernetes } from "./render.ts";
import { kubernetesSettings } from "./settings.ts";
import { PHASE_LABEL } from "./kubernetes-object.ts";

export const kubernetesTarget: Target = {
  name: "kubernetes",
  summary: "Kubernetes 1.30 or newer, as Kustomize, plain YAML or a Helm chart",
  settings: kubernetesSettings,
  render: renderKubernetes,
  resourcesIn: objectsIn,
  nextSteps,
};

function nextSteps(input: TargetInput): readonly string[] {
  const settings = readKubernetesSettings(input);
  const { namespace, format } = settings;
  const first = [...imageSteps(input, settings), `kubectl create namespace ${namespace}`, createSecretLine(settings)];
  if (format === "helm") {
    const { app } = input.deployment;
    return [...first, `helm upgrade --install ${app} chart --namespace ${namespace} -f values.production.yaml`];
  }
  const apply = format === "kustomize" ? "kubectl apply -k overlays/production" : "kubectl apply -R -f manifests";
  const hasMigrations = migratingUnits(input.deployment).length > 0;
  const wait = `kubectl wait job -l app.kubernetes.io/component=migration --namespace ${namespace} --for=condition=complete --timeout=10m`;
  return [...first, `${apply} -l ${PHASE_LABEL}=prepare`, ...(hasMigrations ? [wait] : []), apply];
}

/** By `type` in infra.json. */
const adapters: Readonly<Record<string, string>> = {
  nats: "@tenon/nats",
  redis: "@tenon/redis-streams",
  nsq: "@tenon/nsq",
  aws_sns_sqs: "@tenon/aws-sns-sqs",
  gcp_pubsub: "@tenon/gcp-pubsub",
};

function brokerType({ pubsub }: KubernetesSettings["infra"]): string {
  return String(pubsub?.[0]["type"]);
}

/** The app's image, with the adapter of its broker in it. */
function imageSteps(
  { deployment }: TargetInput,
  { broker, infra, imagePrefix, tag, perUnitImages }: KubernetesSettings,
): string[] {
  const adapter =
    deployment.topics.length === 0 ? undefined : adapters[broker === "managed" ? brokerType(infra) : broker];
  return [
    ...(adapter === undefined ? [] : [`npm install ${adapter}`]),
    `tenon build && tenon image --push --image-prefix ${imagePrefix} --tag ${tag}${perUnitImages ? " --per-unit" : ""}`,
  ];
}
