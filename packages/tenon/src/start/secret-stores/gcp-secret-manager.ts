// Google Cloud Secret Manager: versions of secrets of one project, read as the account that the process runs as
// (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access).
import { googleToken } from "@tenon/runtime/cloud";
import { type InfraValues, isObject, type Settings } from "../infra-values.ts";
import type { Environment } from "./read-secret-store.ts";
import { below, readUrl } from "./read-url.ts";
import { requestJson } from "./request-json.ts";
import type { SecretStore } from "./secret-store.ts";
import { versionedName } from "./versioned-name.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const PROJECT = /^[a-z0-9:.-]+$/;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

export function readGcpSecretManager(
  store: Settings,
  at: string,
  values: InfraValues,
  environment: Environment,
): SecretStore | undefined {
  values.only(store, ["type", "project_id", "endpoint"], at);
  const project = values.text(store["project_id"], `${at}.project_id`);
  const isProject = values.isKnown(project) && PROJECT.test(project);
  if (values.isKnown(project) && !isProject)
    values.problems.push(`${at}.project_id must be the id of a project, got ${JSON.stringify(project)}`);
  const endpoint = readUrl(store["endpoint"] ?? "https://secretmanager.googleapis.com", `${at}.endpoint`, values);
  if (!isProject || endpoint === undefined) return undefined;
  const token = googleToken(environment, SCOPE);
  return {
    async read(text) {
      const { name, version = "latest" } = versionedName(text, NAME, 'letters, digits, "-" and "_"');
      const url = below(endpoint, `/v1/projects/${project}/secrets/${name}/versions/${version}:access`);
      const make = async () => ({ headers: { authorization: `Bearer ${await token()}` } });
      const { payload } = await requestJson(url, make, reasonOf);
      const data = isObject(payload) ? payload["data"] : undefined;
      if (typeof data !== "string") throw new Error(`${url.host} answered without "payload.data"`);
      return Buffer.from(data, "base64").toString("utf8");
    },
  };
}

function reasonOf({ error }: Settings): string | undefined {
  return isObject(error)
    ? [error["status"], error["message"]].filter((part) => part !== undefined).join(", ")
    : undefined;
}
