// Plain manifests for `kubectl apply -R -f manifests`.
import type { Deployment } from "../../deployment/deployment.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";
import { writtenOut } from "./open-values.ts";
import type { KubernetesSettings } from "./read-settings.ts";
import { kubernetesResources } from "./resources.ts";
import { configMap, inNamespace, namespaceObject, yamlText } from "./yaml-text.ts";

export function renderPlain(deployment: Deployment, settings: KubernetesSettings): readonly GeneratedFile[] {
  const { app } = deployment;
  const { namespace } = settings;
  const values = writtenOut(deployment, settings);
  const { groups, configFiles } = kubernetesResources(deployment, settings, values);
  const configMaps = configFiles.map((file) => configMap(app, file, values.configMapName(file)));
  // kubectl takes files in the order of their names: what others are in has to come first.
  const files = [
    ["00-namespace", [namespaceObject(app, namespace)]] as const,
    ["01-config", configMaps] as const,
    ...groups,
  ];
  return files.map(([name, objects]) => ({
    path: `manifests/${name}.yaml`,
    text: yamlText(objects.map((one) => (one.kind === "Namespace" ? one : inNamespace(one, namespace)))),
  }));
}
