// Signs requests and URLs for an S3-compatible store.
import { canonicalQuery, type RequestToSign } from "./canonical-request.ts";
import { ALGORITHM, type Scope, scopeText, signatureOf, signingKey } from "./signing-key.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that hold for a while only; in signed URLs, while the header of requests is the caller's to add. */
  readonly sessionToken?: string;
}

/** The value of the `authorization` header. All of `headers` are signed. */
export function authorizationOf(
  { accessKeyId, secretAccessKey }: Credentials,
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
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
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
