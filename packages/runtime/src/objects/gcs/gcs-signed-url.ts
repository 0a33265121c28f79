// URLs of Google Cloud Storage with which anybody may make one request, signed by a service account
// (https://cloud.google.com/storage/docs/authentication/canonical-requests, GOOG4-RSA-SHA256).
import { clock } from "../../clock/clock.ts";
import { googleSigner } from "../../cloud/google-signer.ts";
import { canonicalQuery, canonicalRequest, sha256Hex } from "../../cloud/sigv4/canonical-request.ts";
import { timestampOf } from "../../cloud/sigv4/signing-key.ts";
import { type Asked, wayFailed } from "../http/store-failure.ts";
import { pathOfName } from "../name-path.ts";
import type { GcsBucketConfig } from "./gcs-bucket-config.ts";

export interface SignedRequest {
  readonly method: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** The request has to have all of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly ttlSeconds: number;
}

const ALGORITHM = "GOOG4-RSA-SHA256";

/** Throws ObjectsError `objects_unavailable`. */
export async function signedUrl(
  { endpoint, bucketName }: GcsBucketConfig,
  { method, key, query, headers, ttlSeconds }: SignedRequest,
  asked: Asked,
): Promise<string> {
  try {
    const { host, origin } = new URL(endpoint);
    const signer = await googleSigner(process.env)();
    const timestamp = timestampOf(clock().now());
    const scope = `${timestamp.slice(0, 8)}/auto/storage/goog4_request`;
    const all = Object.entries({ ...headers, host });
    const signedHeaders = all.map(([name]) => name).sort();
    const signedQuery = [
      ...Object.entries(query),
      ["X-Goog-Algorithm", ALGORITHM],
      ["X-Goog-Credential", `${signer.email}/${scope}`],
      ["X-Goog-Date", timestamp],
      ["X-Goog-Expires", String(ttlSeconds)],
      ["X-Goog-SignedHeaders", signedHeaders.join(";")],
    ] as const;
    const canonical = canonicalRequest({
      method,
      path: `/${bucketName}/${key}`,
      query: signedQuery,
      headers: all,
      signedHeaders,
      payloadHash: "UNSIGNED-PAYLOAD",
    });
    const signature = await signer.sign([ALGORITHM, timestamp, scope, sha256Hex(canonical)].join("\n"));
    const path = `/${bucketName}/${pathOfName(key)}`;
    return `${origin}${path}?${canonicalQuery(signedQuery)}&X-Goog-Signature=${signature.toString("hex")}`;
  } catch (error) {
    throw wayFailed(asked, error);
  }
}
