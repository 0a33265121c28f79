// A Kustomize base, and overlays that are the user's own from the first time on.
import type { Deployment } from "../../deployment/deployment.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { ConfigFile } from "./config-file.ts";
import { writtenOut } from "./open-values.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { kubernetesResources } from "./resources.ts";
import { configLabels, namespaceObject, yamlText } from "./yaml-text.ts";

const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

export function renderKustomize(deployment: Deployment, settings: KubernetesSettings): readonly GeneratedFile[] {
  const { app } = deployment;
  const { namespace } = settings;
  const { groups, configFiles } = kubernetesResources(deployment, settings, writtenOut(deployment, settings));
  const files = [["namespace", [namespaceObject(app, namespace)]] as const, ...groups];
  const base = {
    ...kustomization,
    namespace,
    resources: files.map(([name]) => `${name}.yaml`),
    configMapGenerator: configFiles.map((file) => generator(app, file)),
  };
  return [
    { path: "base/kustomization.yaml", text: yamlText([base]) },
    ...files.map(([name, objects]) => ({ path: `base/${name}.yaml`, text: yamlText(objects) })),
    ...configFiles.map(({ source, text }) => ({ path: `base/config/${source}`, text })),
    { path: "overlays/production/kustomization.yaml", text: production(namespace), isUsers: true },
    { path: "overlays/staging/kustomization.yaml", text: staging(`${namespace}-staging`), isUsers: true },
  ];
}

/** Puts a hash of the content behind the name, here and where the name is referred to. */
function generator(app: string, { name, file, source }: ConfigFile) {
  return { name, files: [`${file}=config/${source}`], options: { immutable: true, labels: configLabels(app, name) } };
}

function production(namespace: string): string {
  return `# Yours: what production has of its own. Tenon writes it once.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${namespace}
resources:
  - ../../base
`;
}

function staging(namespace: string): string {
  return `# Yours: what staging has of its own. Tenon writes it once.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${namespace}
resources:
  - ../../base
patches:
  # Its name, as appMeta() tells it and config.staging.json goes by.
  - target:
      kind: Deployment
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value:
          name: TENON_ENVIRONMENT
          value: staging
  # One process of each kind, unless there is work for more.
  - target:
      kind: HorizontalPodAutoscaler
    patch: |-
      - op: replace
        path: /spec/minReplicas
        value: 1
# Databases and brokers of its own: put a changed copy of base/config/<process>.json beside this file.
# configMapGenerator:
#   - name: orders-infra
#     behavior: replace
#     files:
#       - infra.json=orders.json
`;
}
