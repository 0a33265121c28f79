// Kubernetes: EKS, AKS, GKE or any other, version 1.30 or newer.
import type { Target, TargetInput } from "../../target.ts";
import { objectsIn } from "./objects-in.ts";
import { readKubernetesSettings } from "./read-settings.ts";
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
  const secret = [`kubectl create namespace ${namespace}`, createSecretLine(settings)];
  if (format === "helm") {
    return [
      ...secret,
      `helm upgrade --install ${input.deployment.app} chart --namespace ${namespace} -f values.production.yaml`,
    ];
  }
  const apply = format === "kustomize" ? "kubectl apply -k overlays/production" : "kubectl apply -R -f manifests";
  const jobs = "app.kubernetes.io/component=migration";
  return [
    ...secret,
    `${apply} -l ${PHASE_LABEL}=prepare`,
    `kubectl wait job -l ${jobs} --namespace ${namespace} --for=condition=complete --timeout=10m`,
    apply,
  ];
}
