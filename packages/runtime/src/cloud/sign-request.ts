// Signs a request to any service of AWS (Signature Version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
import type { AwsKeys } from "./aws/aws-keys.ts";
import { authorizationOf } from "./sigv4/authorization.ts";
import { sha256Hex } from "./sigv4/canonical-request.ts";
import { timestampOf } from "./sigv4/signing-key.ts";

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names; all are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface SignedFor {
  /** As in the names of its endpoints: "monitoring", "secretsmanager". */
  readonly service: string;
  readonly region: string;
}

/** All headers to send; `host` is left to the client, which must send that of the URL. `now`: epoch milliseconds. */
export function signRequest(
  { method, url, headers = {}, body = "" }: UnsignedRequest,
  { sessionToken, ...keys }: AwsKeys,
  { service, region }: SignedFor,
  now: number,
): Record<string, string> {
  const payloadHash = sha256Hex(body);
  const timestamp = timestampOf(now);
  const sent: Record<string, string> = { ...headers, "x-amz-date": timestamp };
  if (sessionToken !== undefined) sent["x-amz-security-token"] = sessionToken;
  if (service === "s3") sent["x-amz-content-sha256"] = payloadHash;
  const authorization = authorizationOf(
    keys,
    { timestamp, region, service },
    {
      method,
      // S3 signs the path as it is, all others once more encoded.
      path: service === "s3" ? decodeURIComponent(url.pathname) : url.pathname,
      query: [...url.searchParams],
      headers: Object.entries({ ...sent, host: url.host }),
      payloadHash,
    },
  );
  return { ...sent, authorization };
}
