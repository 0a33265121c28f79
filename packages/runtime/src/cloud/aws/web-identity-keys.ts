// The keys of the role that a Kubernetes service account stands for (EKS, "IAM roles for service accounts"): the token that Kubernetes mounts is
// exchanged for them at AWS's token service, unsigned
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
import { readFile } from "node:fs/promises";
import { childOf, readXml, textOf, type XmlElement, XmlError } from "../../objects/xml/read-xml.ts";
import { askForCredential, FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import type { AwsKeys } from "./aws-keys.ts";
import { awsEndpoint, awsRegion } from "./aws-endpoint.ts";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import { keysInAnswer } from "./keys-in-answer.ts";

export interface WebIdentity {
  readonly roleArn: string;
  /** Read each time: Kubernetes renews it. */
  readonly tokenFile: string;
  readonly sessionName: string;
  readonly endpoint: string;
}

/** undefined: the environment names none. */
export function webIdentityOf(environment: Environment): WebIdentity | undefined {
  const roleArn = settingOf(environment, "AWS_ROLE_ARN");
  const tokenFile = settingOf(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (roleArn === undefined || tokenFile === undefined) return undefined;
  const sessionName = settingOf(environment, "AWS_ROLE_SESSION_NAME") ?? "tenon";
  return { roleArn, tokenFile, sessionName, endpoint: stsEndpoint(environment) };
}

/** That of the region, where the environment names one. */
function stsEndpoint(environment: Environment): string {
  const region = awsRegion(environment);
  if (region !== undefined) return awsEndpoint("sts", region, environment);
  const named = settingOf(environment, "AWS_ENDPOINT_URL_STS") ?? settingOf(environment, "AWS_ENDPOINT_URL");
  return named ?? "https://sts.amazonaws.com";
}

export async function fetchWebIdentityKeys(identity: WebIdentity): Promise<Lent<AwsKeys>> {
  const { text } = await askForCredential({
    what: `keys of the role ${identity.roleArn}`,
    url: `${identity.endpoint.replace(/\/$/, "")}/`,
    headers: { accept: "application/xml" },
    form: {
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: identity.roleArn,
      RoleSessionName: identity.sessionName,
      WebIdentityToken: await tokenIn(identity.tokenFile),
    },
    timeoutMs: FAR_TIMEOUT_MS,
    hint: "does the role trust this service account?",
  });
  return keysInXml(text, identity.endpoint);
}

async function tokenIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const reason = `AWS_WEB_IDENTITY_TOKEN_FILE can't be read: ${(error as Error).message}`;
    throw new CloudCredentialsError("cloud_credentials_missing", reason);
  }
}

/** An answer that is no XML has no keys either. */
function keysInXml(text: string, url: string): Lent<AwsKeys> {
  const keys = credentialsIn(text);
  const named = (name: string) => (keys === undefined ? undefined : textOf(keys, name));
  return keysInAnswer(
    {
      AccessKeyId: named("AccessKeyId"),
      SecretAccessKey: named("SecretAccessKey"),
      Token: named("SessionToken"),
      Expiration: named("Expiration"),
    },
    url,
  );
}

function credentialsIn(text: string): XmlElement | undefined {
  try {
    const result = childOf(readXml(text), "AssumeRoleWithWebIdentityResult");
    return result === undefined ? undefined : childOf(result, "Credentials");
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}
