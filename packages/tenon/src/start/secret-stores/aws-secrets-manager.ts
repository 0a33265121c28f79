// AWS Secrets Manager: secrets by name or ARN, read with the keys of the process's role
// (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
import { awsCredentials, awsEndpoint, awsRegion, signRequest } from "@tenon/runtime/cloud";
import type { InfraValues, Settings } from "../infra-values.ts";
import type { Environment } from "./read-secret-store.ts";
import { readUrl } from "./read-url.ts";
import { requestJson } from "./request-json.ts";
import type { SecretStore } from "./secret-store.ts";

const SERVICE = "secretsmanager";
const REGION = /^[a-z0-9-]+$/;
/** arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db-AbCdEf */
const ARN = /^arn:[a-z-]+:secretsmanager:([a-z0-9-]+):/;

export function readAwsSecretsManager(
  store: Settings,
  at: string,
  values: InfraValues,
  environment: Environment,
): SecretStore | undefined {
  values.only(store, ["type", "region", "prefix", "endpoint"], at);
  const given = store["region"] ?? awsRegion(environment);
  const region = given === undefined ? undefined : values.text(given, `${at}.region`);
  if (region === undefined && !values.isWithoutValues)
    values.problems.push(`${at} has no region, and neither AWS_REGION nor AWS_DEFAULT_REGION are set`);
  const isRegion = region !== undefined && values.isKnown(region) && REGION.test(region);
  if (region !== undefined && values.isKnown(region) && !isRegion)
    values.problems.push(`${at}.region must be the name of a region, got ${JSON.stringify(region)}`);
  const prefix = store["prefix"] === undefined ? "" : values.text(store["prefix"], `${at}.prefix`);
  const own = store["endpoint"] === undefined ? undefined : readUrl(store["endpoint"], `${at}.endpoint`, values);
  if (!isRegion || !values.isKnown(prefix) || (store["endpoint"] !== undefined && own === undefined)) return undefined;
  return secretsManager({ region, prefix, endpoint: own, environment });
}

interface Place {
  readonly region: string;
  /** Before every name that is no ARN. */
  readonly prefix: string;
  /** undefined: Amazon's of the region. */
  readonly endpoint: URL | undefined;
  readonly environment: Environment;
}

function secretsManager({ region, prefix, endpoint, environment }: Place): SecretStore {
  const credentials = awsCredentials(environment);
  return {
    async read(name) {
      const ownRegion = ARN.exec(name)?.[1];
      const at = ownRegion ?? region;
      const url = endpoint ?? new URL(awsEndpoint(SERVICE, at, environment, "secrets_manager"));
      const body = JSON.stringify({ SecretId: ownRegion === undefined ? prefix + name : name });
      const make = async () => {
        const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${SERVICE}.GetSecretValue` };
        const request = { method: "POST" as const, url, headers, body };
        return {
          ...request,
          headers: signRequest(request, await credentials(), { service: SERVICE, region: at }, Date.now()),
        };
      };
      const { SecretString: text, SecretBinary: binary } = await requestJson(url, make, reasonOf);
      if (typeof text === "string") return text;
      if (typeof binary === "string") return Buffer.from(binary, "base64").toString("utf8");
      throw new Error(`${url.host} answered with neither "SecretString" nor "SecretBinary"`);
    },
  };
}

function reasonOf(answer: Settings): string | undefined {
  const { __type: type, message, Message } = answer;
  const name = typeof type === "string" ? type.slice(type.lastIndexOf("#") + 1) : undefined;
  return [name, message ?? Message].filter((part) => part !== undefined).join(", ");
}
