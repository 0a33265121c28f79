// Attributes of an object as headers of the S3 endpoint, both ways.
import {
  decodeWords,
  encodeWord,
  type ObjectHeaders,
  type StoredObject,
  type WriteCondition,
} from "@tenon/runtime/objects";
import { quoted } from "./s3-answer.ts";
import { S3Error } from "./s3-error.ts";
import { headerOf, type S3Request } from "./s3-request.ts";

const metadataPrefix = "x-amz-meta-";
const names = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
} as const;

export function headersOf(object: StoredObject, isVersioned: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": object.contentType ?? "application/octet-stream",
    etag: quoted(object.etag),
    "last-modified": new Date(object.modifiedAtMs).toUTCString(),
    "accept-ranges": "bytes",
  };
  for (const [name, header] of Object.entries(names)) {
    const value = object[name as keyof ObjectHeaders];
    if (value !== undefined) headers[header] = value;
  }
  for (const [name, value] of Object.entries(object.metadata ?? {})) headers[metadataPrefix + name] = encodeWord(value);
  return { ...headers, ...versionHeader(object, isVersioned) };
}

export function versionHeader(
  { version }: { readonly version?: string | undefined },
  isVersioned: boolean,
): Record<string, string> {
  return isVersioned && version !== undefined ? { "x-amz-version-id": version } : {};
}

export function checksumHeaders(checksums: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name}`, value]));
}

export function readHeaders(request: S3Request): {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(names)) {
    const value = headerOf(request, header);
    // An encoding of the way here is none of the object.
    const own = header === "content-encoding" ? withoutChunks(value) : value;
    if (own !== undefined && own !== "") headers[name] = own;
  }
  const metadata: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = decodeWords(value);
  }
  return { headers, metadata };
}

/** Throws S3Error for conditions that S3 does not know either. */
export function readCondition(request: S3Request): WriteCondition {
  const ifNoneMatch = headerOf(request, "if-none-match");
  const ifMatch = headerOf(request, "if-match");
  if (ifNoneMatch !== undefined && ifMatch === undefined) {
    if (ifNoneMatch.trim() === "*") return { notExists: true };
    throw new S3Error("NotImplemented", "If-None-Match of a write must be *.");
  }
  if (ifMatch === undefined) return undefined;
  if (ifNoneMatch !== undefined) throw new S3Error("InvalidRequest", "If-Match and If-None-Match exclude each other.");
  return { ifMatch: ifMatch.trim().replace(/^"|"$/g, "") };
}

function withoutChunks(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "aws-chunked")
    .join(",");
}
