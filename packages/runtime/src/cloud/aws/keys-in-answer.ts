// Keys as the endpoints of containers and of machines answer them: JSON with AccessKeyId, SecretAccessKey, Token and Expiration.
import { withoutQuery } from "../ask-for-credential.ts";
import { CloudCredentialsError } from "../errors.ts";
import type { AwsKeys } from "./aws-keys.ts";
import type { Lent } from "../kept-credential.ts";

/** `url`: who answered, for the error. */
export function keysInAnswer(answer: Readonly<Record<string, unknown>>, url: string): Lent<AwsKeys> {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answer;
  if (typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string") {
    const said = typeof answer["Code"] === "string" ? ` (${answer["Code"]})` : "";
    throw new CloudCredentialsError(
      "cloud_credentials_unavailable",
      `no keys in the answer of ${withoutQuery(url)}${said}`,
    );
  }
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const endMs = typeof Expiration === "string" ? Date.parse(Expiration) : Number.POSITIVE_INFINITY;
  const expiresAtMs = Number.isNaN(endMs) ? 0 : endMs;
  return { value: { ...keys, ...(typeof Token === "string" ? { sessionToken: Token } : {}) }, expiresAtMs };
}
