// The keys of a container's role, from the endpoint that Amazon ECS and EKS Pod Identity put beside it and name in the environment
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
import { readFile } from "node:fs/promises";
import { askForJson } from "../ask-for-credential.ts";
import type { AwsKeys } from "./aws-keys.ts";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import { keysInAnswer } from "./keys-in-answer.ts";

export interface ContainerKeys {
  readonly url: string;
  /** Sent as `authorization`; that of the file, read each time, goes before the other. */
  readonly token?: string;
  readonly tokenFile?: string;
}

const ECS_HOST = "http://169.254.170.2";
/** Besides https: this machine, and the addresses of ECS and of EKS Pod Identity. */
const PLAIN_HOSTS: ReadonlySet<string> = new Set([
  "localhost",
  "127.0.0.1",
  "[::1]",
  "169.254.170.2",
  "169.254.170.23",
  "[fd00:ec2::23]",
]);

/** undefined: the environment names none. Throws for one that keys must not be sent over. */
export function containerKeysOf(environment: Environment): ContainerKeys | undefined {
  const relative = settingOf(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (relative !== undefined) return { url: `${ECS_HOST}${relative}` };
  const url = settingOf(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPrivate = parsed?.protocol === "http:" && PLAIN_HOSTS.has(parsed.hostname);
  if (parsed?.protocol !== "https:" && !isPrivate) {
    const rule = "must be an https:// URL or one of this machine";
    throw new CloudCredentialsError(
      "cloud_credentials_missing",
      `AWS_CONTAINER_CREDENTIALS_FULL_URI ${rule}, got "${url}"`,
    );
  }
  const token = settingOf(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  const tokenFile = settingOf(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  return { url, ...(token === undefined ? {} : { token }), ...(tokenFile === undefined ? {} : { tokenFile }) };
}

export async function fetchContainerKeys({ url, token, tokenFile }: ContainerKeys): Promise<Lent<AwsKeys>> {
  const authorization = tokenFile === undefined ? token : await tokenIn(tokenFile);
  const headers = authorization === undefined ? {} : { authorization };
  return keysInAnswer(await askForJson({ what: "keys of the container's role", url, headers }), url);
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const reason = `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE can't be read: ${(error as Error).message}`;
    throw new CloudCredentialsError("cloud_credentials_missing", reason);
  }
}
