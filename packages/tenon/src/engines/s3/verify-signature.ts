// Whether a request is signed by whom it says (AWS Signature Version 4, in the `authorization` header or in the query), and what its body has to be.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
import { timingSafeEqual } from "node:crypto";
import { ALGORITHM, type Scope, scopeText, signatureOf, signingKey } from "@tenon/runtime/objects";
import { S3Error } from "./s3-error.ts";
import { headerOf, type Pairs, queryOf, type S3Request } from "./s3-request.ts";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What was signed about the body. */
export type Payload =
  | { readonly kind: "unsigned" }
  | { readonly kind: "hash"; readonly sha256: string }
  | { readonly kind: "chunks"; readonly isSigned: boolean; readonly hasTrailer: boolean };

export interface Verified {
  readonly payload: Payload;
  /** Signatures of chunks continue from this one. */
  readonly signature: string;
  readonly key: Buffer;
  readonly scope: Scope;
}

/** What a request claims about its signature. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
  /** Without the signature itself. */
  readonly query: Pairs;
}

const toleranceMs = 15 * 60 * 1000;
const longestSeconds = 604_800;
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

type Signed = Pick<S3Request, "method" | "path" | "query" | "headers">;

/** Throws S3Error. */
export function verifySignature(request: Signed, credentials: S3Credentials, nowMs: number): Verified {
  const claim = readClaim(request, nowMs);
  checkSignedHeaders(request, claim);
  if (claim.accessKeyId !== credentials.accessKeyId)
    throw new S3Error("InvalidAccessKeyId", "The access key is not the one of this app.");
  const key = signingKey(credentials.secretAccessKey, claim.scope);
  const { query, signedHeaders, payloadHash } = claim;
  const { method, path, headers } = request;
  const expected = signatureOf(key, claim.scope, { method, path, query, headers, signedHeaders, payloadHash });
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new S3Error(
      "SignatureDoesNotMatch",
      "The signature is not that of this request by the secret key of this app.",
    );
  return { payload: payloadOf(payloadHash), signature: claim.signature, key, scope: claim.scope };
}

function readClaim(request: Signed, nowMs: number): Claim {
  const authorization = headerOf(request, "authorization");
  const isQuery =
    queryOf(request, "X-Amz-Algorithm") !== undefined || queryOf(request, "X-Amz-Signature") !== undefined;
  if (authorization !== undefined && isQuery)
    throw new S3Error("InvalidArgument", "Only one way to sign a request may be used at a time.");
  if (authorization !== undefined) return claimInHeader(request, authorization, nowMs);
  if (isQuery) return claimInQuery(request, nowMs);
  throw new S3Error("AccessDenied", "The request is not signed.");
}

function claimInHeader(request: Signed, authorization: string, nowMs: number): Claim {
  const match = AUTHORIZATION.exec(authorization);
  if (match === null)
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      `The authorization header must be of ${ALGORITHM} with Credential, SignedHeaders and Signature.`,
    );
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const timestamp = headerOf(request, "x-amz-date") ?? timestampOfDate(headerOf(request, "date"));
  const atMs = timeOf(timestamp);
  if (atMs === null) throw new S3Error("AccessDenied", "A request must say its time in x-amz-date.");
  const payloadHash = headerOf(request, "x-amz-content-sha256");
  if (payloadHash === undefined)
    throw new S3Error("InvalidRequest", "A request must say what its body is in x-amz-content-sha256.");
  if (Math.abs(nowMs - atMs) > toleranceMs)
    throw new S3Error("RequestTimeTooSkewed", "The time of the request and that of the server are too far apart.");
  const { accessKeyId, scope } = readCredential(credential, timestamp!, "AuthorizationHeaderMalformed");
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(";"), signature, payloadHash, query: request.query };
}

function claimInQuery(request: Signed, nowMs: number): Claim {
  const malformed = (message: string) => new S3Error("AuthorizationQueryParametersError", message);
  const need = (name: string) => {
    const values = request.query.filter(([given]) => given === name);
    if (values.length !== 1) throw malformed(`The query must have ${name} once.`);
    return values[0]![1];
  };
  if (need("X-Amz-Algorithm") !== ALGORITHM) throw malformed(`X-Amz-Algorithm must be ${ALGORITHM}.`);
  const timestamp = need("X-Amz-Date");
  const atMs = timeOf(timestamp);
  if (atMs === null) throw malformed("X-Amz-Date must be a time such as 20261123T080000Z.");
  const expires = need("X-Amz-Expires");
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : Number.NaN;
  if (!(seconds >= 1 && seconds <= longestSeconds))
    throw malformed(`X-Amz-Expires must be 1 to ${longestSeconds} seconds.`);
  const signature = need("X-Amz-Signature");
  if (!/^[0-9a-f]{64}$/.test(signature)) throw malformed("X-Amz-Signature must be 64 hexadecimal digits.");
  if (nowMs > atMs + seconds * 1000) throw new S3Error("AccessDenied", "Request has expired");
  if (atMs - nowMs > toleranceMs) throw new S3Error("AccessDenied", "Request is not yet valid");
  const { accessKeyId, scope } = readCredential(
    need("X-Amz-Credential"),
    timestamp,
    "AuthorizationQueryParametersError",
  );
  return {
    accessKeyId,
    scope,
    signedHeaders: need("X-Amz-SignedHeaders").split(";"),
    signature,
    payloadHash:
      headerOf(request, "x-amz-content-sha256") ?? queryOf(request, "X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
    query: request.query.filter(([name]) => name !== "X-Amz-Signature"),
  };
}

function readCredential(
  credential: string,
  timestamp: string,
  code: "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError",
): { readonly accessKeyId: string; readonly scope: Scope } {
  const parts = credential.split("/");
  const [accessKeyId = "", , region = ""] = parts;
  const scope = { timestamp, region, service: "s3" };
  // The region may be any: there is one place here, and what was signed is looked at below.
  const isRight = parts.length === 5 && accessKeyId !== "" && region !== "";
  if (!isRight || parts.slice(1).join("/") !== scopeText(scope))
    throw new S3Error(code, "The credential must be <access key>/<day of the request>/<region>/s3/aws4_request.");
  return { accessKeyId, scope };
}

/** Otherwise somebody on the way could change what is not signed. */
function checkSignedHeaders({ headers }: Signed, { signedHeaders }: Claim): void {
  const signed = new Set(signedHeaders);
  const names = headers.map(([name]) => name);
  const mustBe = (name: string) => name === "host" || name.startsWith("x-amz-");
  const missing = [...new Set(["host", ...names])].filter((name) => mustBe(name) && !signed.has(name));
  if (missing.length > 0)
    throw new S3Error(
      "AccessDenied",
      `There were headers present in the request which were not signed: ${missing.join(", ")}`,
    );
  const absent = signedHeaders.filter((name) => !names.includes(name));
  if (absent.length > 0)
    throw new S3Error("SignatureDoesNotMatch", `Headers that are signed are not there: ${absent.join(", ")}`);
}

/** Throws S3Error. */
function payloadOf(hash: string): Payload {
  if (hash === "UNSIGNED-PAYLOAD") return { kind: "unsigned" };
  if (/^[0-9a-f]{64}$/.test(hash)) return { kind: "hash", sha256: hash };
  const match = /^STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/.exec(hash);
  if (match === null)
    throw new S3Error(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a SHA-256 or a streaming form.",
    );
  const isSigned = match[1] !== "UNSIGNED-PAYLOAD-TRAILER";
  return { kind: "chunks", isSigned, hasTrailer: !isSigned || match[2] !== undefined };
}

function timeOf(timestamp: string | undefined): number | null {
  const match = TIMESTAMP.exec(timestamp ?? "");
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(timeMs) ? null : timeMs;
}

function timestampOfDate(date: string | undefined): string | undefined {
  const timeMs = Date.parse(date ?? "");
  return Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
