// Objects as YAML, the same bytes for the same objects.
import { stringify } from "yaml";
import type { ConfigFile } from "./config-file.ts";
import { type KubernetesObject, type Labels, labelsOf, type Metadata, phased } from "./kubernetes-object.ts";

const header = "# Made by `tenon deploy kubernetes`.\n";

export function yamlText(documents: readonly unknown[]): string {
  const options = { lineWidth: 0, aliasDuplicateObjects: false };
  return header + documents.map((one) => stringify(one, options)).join("---\n");
}

/** One that is never changed: another content has another name. */
export function configMap(
  app: string,
  { name, file, text, isMigrations }: ConfigFile,
  objectName: string,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: objectName, labels: configLabels(app, name) },
    ...(isMigrations && objectName === name ? {} : { immutable: true }),
    data: { [file]: text },
  };
}

export function configLabels(app: string, name: string): Labels {
  return phased(labelsOf(app, name, "config"), "prepare");
}

/** Its pods have to keep to the restricted Pod Security Standard. */
export function namespaceObject(app: string, name: string): KubernetesObject {
  const labels = {
    ...phased(labelsOf(app, name, "config"), "prepare"),
    "pod-security.kubernetes.io/enforce": "restricted",
  };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

export function inNamespace(
  { apiVersion, kind, metadata, ...rest }: KubernetesObject,
  namespace: string,
): KubernetesObject {
  const { name, ...more } = metadata;
  const placed: Metadata & { readonly namespace: string } = { name, namespace, ...more };
  return { apiVersion, kind, metadata: placed, ...rest };
}
