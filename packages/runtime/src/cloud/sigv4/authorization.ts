// Signatures in the header of a request and in URLs.
import type { AwsKeys } from "../aws/aws-keys.ts";
import { canonicalQuery, type RequestToSign } from "./canonical-request.ts";
import { ALGORITHM, type Scope, scopeText, signatureOf, signingKey } from "./signing-key.ts";

/** The value of the `authorization` header. All of `headers` are signed; that with the session token is the caller's to add. */
export function authorizationOf(
  { accessKeyId, secretAccessKey }: AwsKeys,
  scope: Scope,
  request: Omit<RequestToSign, "signedHeaders">,
): string {
  const signedHeaders = namesOf(request.headers);
  const signature = signatureOf(signingKey(secretAccessKey, scope), scope, { ...request, signedHeaders });
  const credential = `${accessKeyId}/${scopeText(scope)}`;
  return `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature.toString("hex")}`;
}

/** The query with which anybody may make this request until the time is over; of its body nothing is said. */
export function presignedQuery(
  { accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  scope: Scope,
  request: Omit<RequestToSign, "signedHeaders" | "payloadHash"> & { readonly ttlSeconds: number },
): string {
  const signedHeaders = namesOf(request.headers);
  const query = [
    ...request.query,
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", `${accessKeyId}/${scopeText(scope)}`],
    ["X-Amz-Date", scope.timestamp],
    ["X-Amz-Expires", String(request.ttlSeconds)],
    ["X-Amz-SignedHeaders", signedHeaders.join(";")],
    ...(sessionToken === undefined ? [] : [["X-Amz-Security-Token", sessionToken] as const]),
  ] as const;
  const toSign = { ...request, query, signedHeaders, payloadHash: "UNSIGNED-PAYLOAD" };
  const signature = signatureOf(signingKey(secretAccessKey, scope), scope, toSign).toString("hex");
  return `${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

function namesOf(headers: RequestToSign["headers"]): string[] {
  return [...new Set(headers.map(([name]) => name))].sort();
}
