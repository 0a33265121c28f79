// Where a container at AWS gets the keys of its role: Amazon ECS and EKS Pod Identity say it in the environment
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
import type { S3KeysEndpoint } from "@tenon/runtime";

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

/** undefined: the environment names none, or one that keys must not be sent over, which is told. */
export function roleKeysEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): S3KeysEndpoint | undefined {
  const relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  if (relative !== undefined && relative !== "") return { url: `${ECS_HOST}${relative}` };
  const url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  if (url === undefined || url === "") return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPrivate = parsed?.protocol === "http:" && PLAIN_HOSTS.has(parsed.hostname);
  if (parsed?.protocol !== "https:" && !isPrivate) {
    problems.push(`AWS_CONTAINER_CREDENTIALS_FULL_URI must be an https:// URL or one of this machine, got "${url}"`);
    return undefined;
  }
  const token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  const tokenFile = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  return { url, ...(token === undefined ? {} : { token }), ...(tokenFile === undefined ? {} : { tokenFile }) };
}
