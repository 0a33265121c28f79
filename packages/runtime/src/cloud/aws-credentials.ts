// The keys that a process has at AWS: those of its environment, of its Kubernetes service account (EKS), of its container (ECS, Fargate, EKS Pod
// Identity) or of the machine (EC2), the first of them that the environment names, in the order of AWS's own libraries
// (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html). Profiles of ~/.aws are not read.
import type { AwsKeys } from "./aws/aws-keys.ts";
import { type ContainerKeys, containerKeysOf, fetchContainerKeys } from "./aws/container-keys.ts";
import { fetchInstanceKeys, instanceEndpointOf } from "./aws/instance-keys.ts";
import { fetchWebIdentityKeys, type WebIdentity, webIdentityOf } from "./aws/web-identity-keys.ts";
import { type Environment, settingOf } from "./environment.ts";
import { CloudCredentialsError } from "./errors.ts";
import { KeptCredential, type Lent } from "./kept-credential.ts";
import { type CredentialOf, sharedByEnvironment } from "./shared-by-environment.ts";

export type { AwsKeys } from "./aws/aws-keys.ts";

export type AwsKeySource =
  | { readonly kind: "environment"; readonly keys: AwsKeys }
  | { readonly kind: "web-identity"; readonly identity: WebIdentity }
  | { readonly kind: "container"; readonly container: ContainerKeys }
  | { readonly kind: "instance"; readonly endpoint: string };

/** Where `awsCredentials` will look. Throws CloudCredentialsError when the environment leads nowhere. */
export function awsKeySource(environment: Environment): AwsKeySource {
  const accessKeyId = settingOf(environment, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = settingOf(environment, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const sessionToken = settingOf(environment, "AWS_SESSION_TOKEN");
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return { kind: "environment", keys };
  }
  const identity = webIdentityOf(environment);
  if (identity !== undefined) return { kind: "web-identity", identity };
  const container = containerKeysOf(environment);
  if (container !== undefined) return { kind: "container", container };
  const endpoint = instanceEndpointOf(environment);
  if (endpoint !== undefined) return { kind: "instance", endpoint };
  throw new CloudCredentialsError(
    "cloud_credentials_missing",
    "no keys for AWS: none of AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI is set, and AWS_EC2_METADATA_DISABLED keeps from asking the machine",
  );
}

const shared = sharedByEnvironment<AwsKeys>((environment) => {
  const keys = new KeptCredential(
    "the keys of the role at AWS",
    async () => await fetchKeys(awsKeySource(environment)),
  );
  return () => keys.current();
});

/** Nothing is read or asked before the first call. What it gives rejects with CloudCredentialsError. */
export function awsCredentials(environment: Environment): CredentialOf<AwsKeys> {
  return shared(environment, "");
}

async function fetchKeys(source: AwsKeySource): Promise<Lent<AwsKeys>> {
  if (source.kind === "environment") return { value: source.keys, expiresAtMs: Number.POSITIVE_INFINITY };
  if (source.kind === "web-identity") return await fetchWebIdentityKeys(source.identity);
  if (source.kind === "container") return await fetchContainerKeys(source.container);
  return await fetchInstanceKeys(source.endpoint);
}
