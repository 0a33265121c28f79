// The canonical request of AWS Signature Version 4: the one text that client and server make of a request, and sign. The path is
// encoded once and never normalised, as S3 has it.
import { createHash } from "node:crypto";
import { encodeRfc3986 } from "./encode-rfc3986.ts";

export interface RequestToSign {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** Decoded, without `X-Amz-Signature`. */
  readonly query: readonly (readonly [string, string])[];
  /** As sent: lower-case names, a header that is repeated more than once. */
  readonly headers: readonly (readonly [string, string])[];
  /** Lower-case names in order. */
  readonly signedHeaders: readonly string[];
  /** Of the body in hex, or one of the words that stand for it. */
  readonly payloadHash: string;
}

export function canonicalRequest(request: RequestToSign): string {
  const { method, path, query, headers, signedHeaders, payloadHash } = request;
  const headerLines = signedHeaders.map((name) => {
    const values = headers.filter(([given]) => given === name).map(([, value]) => value.trim().replace(/\s+/g, " "));
    return `${name}:${values.join(",")}\n`;
  });
  return [
    method,
    path.split("/").map(encodeRfc3986).join("/"),
    canonicalQuery(query),
    headerLines.join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

/** Sorted by name and then by value, after encoding. */
export function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
