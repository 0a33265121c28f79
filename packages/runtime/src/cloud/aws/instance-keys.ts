// The keys of an EC2 machine's role, from its metadata service, version 2
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
import { askForCredential, askForJson } from "../ask-for-credential.ts";
import type { AwsKeys } from "./aws-keys.ts";
import { type Environment, settingOf } from "../environment.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { Lent } from "../kept-credential.ts";
import { keysInAnswer } from "./keys-in-answer.ts";

/** Long enough for the two requests that follow. */
const SESSION_SECONDS = 60;
const ROLES = "latest/meta-data/iam/security-credentials/";

/** undefined: it is not to be asked. */
export function instanceEndpointOf(environment: Environment): string | undefined {
  if (settingOf(environment, "AWS_EC2_METADATA_DISABLED")?.toLowerCase() === "true") return undefined;
  const named = settingOf(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (named !== undefined) return named.replace(/\/$/, "");
  const mode = settingOf(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.toLowerCase();
  return mode === "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

export async function fetchInstanceKeys(endpoint: string): Promise<Lent<AwsKeys>> {
  const { text: session } = await askForCredential({
    what: "keys for AWS in the environment, and none of an EC2 machine",
    method: "PUT",
    url: `${endpoint}/latest/api/token`,
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": String(SESSION_SECONDS) },
    hint: "a container on such a machine needs a hop limit of 2 in its metadata options",
  });
  const headers = { "x-aws-ec2-metadata-token": session };
  const what = "keys of the machine's role";
  const hint = "has the machine an instance profile with a role?";
  const { text: roles } = await askForCredential({ what, url: `${endpoint}/${ROLES}`, headers, hint });
  const [role = ""] = roles.trim().split("\n");
  if (role === "") {
    throw new CloudCredentialsError("cloud_credentials_unavailable", `no ${what}: ${endpoint} names no role; ${hint}`);
  }
  const url = `${endpoint}/${ROLES}${encodeURIComponent(role.trim())}`;
  return keysInAnswer(await askForJson({ what, url, headers }), url);
}
