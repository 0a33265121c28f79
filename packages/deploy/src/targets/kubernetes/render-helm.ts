// A Helm chart: the same objects, with what is open taken from its values, and migrations as hooks that run before the rest.
import type { Deployment } from "../../deployment/deployment.ts";
import type { GeneratedFile } from "../../files/generated-file.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { fromChart, identityAnnotations, resourcesOf } from "./open-values.ts";
import { type KubernetesSettings, scaleOf } from "./read-settings.ts";
import { kubernetesResources } from "./resources.ts";
import { configMap, yamlText } from "./yaml-text.ts";

const CHART_FOLDER = "chart";

export function renderHelm(deployment: Deployment, settings: KubernetesSettings): readonly GeneratedFile[] {
  const { app } = deployment;
  const values = fromChart(deployment, settings);
  const { groups, configFiles } = kubernetesResources(deployment, settings, values);
  const configMaps = configFiles.map((file) => ({ file, object: configMap(app, file, values.configMapName(file)) }));
  const of = (isMigrations: boolean) =>
    configMaps.filter(({ file }) => file.isMigrations === isMigrations).map(({ object }) => object);
  const templates = new Map(groups);
  templates.set("config", of(false));
  const migrations = [...of(true), ...(groups.get("migrations") ?? [])];
  if (migrations.length > 0)
    templates.set(
      "migrations",
      migrations.map((object) => hook(object, settings)),
    );
  const chart = {
    apiVersion: "v2",
    name: app,
    description: `The processes of ${app}`,
    type: "application",
    // Of the chart's form; the app's own is the tag of its images.
    version: "0.1.0",
    kubeVersion: ">=1.30.0-0",
  };
  return [
    { path: `${CHART_FOLDER}/Chart.yaml`, text: yamlText([chart]) },
    { path: `${CHART_FOLDER}/values.yaml`, text: yamlText([chartValues(deployment, settings)]) },
    ...[...templates].map(([name, objects]) => ({
      path: `${CHART_FOLDER}/templates/${name.replace("/", "-")}.yaml`,
      text: templateText(yamlText(objects)),
    })),
    { path: "values.production.yaml", text: ownValues, isUsers: true },
  ];
}

const ownValues = `# Yours: what production has of its own, over chart/values.yaml. Tenon writes it once.
# image:
#   tag: v1
`;

function chartValues(deployment: Deployment, settings: KubernetesSettings) {
  const { imagePrefix, tag, secretName, publicHost } = settings;
  const units = deployment.units.map(({ name }) => {
    const { replicas, maxReplicas, cpuPercent } = scaleOf(settings, name);
    const resources = resourcesOf(settings, name);
    const serviceAccountAnnotations = identityAnnotations(settings, name) ?? {};
    return [name, { replicas, maxReplicas, cpuPercent, resources, serviceAccountAnnotations }] as const;
  });
  return {
    image: { prefix: imagePrefix, tag },
    secretName,
    ...(publicHost === undefined ? {} : { publicHost }),
    units: Object.fromEntries(units),
  };
}

/** Jobs after what they need. Engines of the chart are not there before it is installed for the first time. */
function hook(object: KubernetesObject, { engines }: KubernetesSettings): KubernetesObject {
  const annotations = {
    ...object.metadata.annotations,
    "helm.sh/hook": engines ? "post-install,pre-upgrade" : "pre-install,pre-upgrade",
    "helm.sh/hook-weight": object.kind === "Job" ? "0" : "-5",
    "helm.sh/hook-delete-policy": "before-hook-creation",
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** What stands for numbers and objects (chartValue of open-values.ts) loses its quotes. */
function templateText(yaml: string): string {
  return yaml.replaceAll(/(["'])@@(.*?)@@\1/g, "{{ $2 }}");
}
