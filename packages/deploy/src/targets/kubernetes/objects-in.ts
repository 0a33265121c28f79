// What stands in generated files, object by object, for `--diff`. Hashes in names are left out: a changed ConfigMap is the same one, changed.
import { parseAllDocuments } from "yaml";
import type { Resources } from "../../files/diff-resources.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";

/** undefined: no file of objects. */
export function objectsIn(path: string, text: string): Resources | undefined {
  if (path.endsWith(".env")) return secretKeysIn(text);
  if (/(^|\/)config\/[^/]+\.json$/.test(path)) return jsonIn(path, text);
  if (!path.endsWith(".yaml") || !path.includes("/")) return undefined;
  const documents = parseAllDocuments(quotedTemplates(text));
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const values = documents.map((document) => document.toJS() as Partial<KubernetesObject> | null);
  const isObjects = values.every((value) => value?.kind !== undefined && value.metadata?.name !== undefined);
  if (!isObjects) return new Map(values.map((value) => [`File/${path}`, value]));
  return new Map((values as KubernetesObject[]).map((object) => [idOf(object), contentOf(object)]));
}

function idOf({ kind, metadata: { name } }: KubernetesObject): string {
  const isHashed = kind === "ConfigMap" || kind === "Job";
  return `${kind}/${isHashed ? name.replace(/-[0-9a-f]{8}$/, "") : name}`;
}

/** JSON inside of a ConfigMap is compared as such. */
function contentOf(object: KubernetesObject): unknown {
  if (object.kind !== "ConfigMap") return object;
  const data = Object.entries((object["data"] ?? {}) as Readonly<Record<string, string>>);
  return {
    ...object,
    data: Object.fromEntries(data.map(([file, text]) => [file, file.endsWith(".json") ? parsed(text) : text])),
  };
}

function jsonIn(path: string, text: string): Resources {
  return new Map([[`Config/${path.slice(path.lastIndexOf("/") + 1)}`, parsed(text)]]);
}

/** A person may have edited it to something else. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function secretKeysIn(text: string): Resources {
  const keys = [...text.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=/gm)].map(([, key]) => key!);
  return new Map(keys.map((key) => [`SecretKey/${key}`, true]));
}

/** `{{ ... }}` of a chart's templates is no YAML where it has no quotes around it. */
function quotedTemplates(text: string): string {
  return text.replaceAll(/: (\{\{.*\}\})$/gm, (_, template: string) => `: '${template.replaceAll("'", "''")}'`);
}
