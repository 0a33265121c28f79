// Attributes of an object as headers of S3, both ways.
import type { IncomingHttpHeaders } from "node:http";
import type { ObjectAttrs, ObjectChecksum, ObjectHeaders } from "../object-store.ts";
import { decodeWords, encodeWord } from "./encoded-word.ts";

const metadataPrefix = "x-amz-meta-";
/** Stores differ in the checksums they keep, and none keeps a SHA-256 of what came in parts: as metadata all of them do. */
const checksumNames = { sha256: "tenon-sha256", crc32: "tenon-crc32" } as const;
const headerNames = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
} as const;

interface Described {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: ObjectChecksum;
}

export function headersFor({ headers, metadata, checksum }: Described): Record<string, string> {
  const result: Record<string, string> = { "content-type": "application/octet-stream" };
  for (const [name, header] of Object.entries(headerNames)) {
    const value = headers[name as keyof ObjectHeaders];
    if (value !== undefined) result[header] = value;
  }
  for (const [name, value] of Object.entries(metadata)) result[metadataPrefix + name] = encodeWord(value);
  for (const [name, key] of Object.entries(checksumNames)) {
    const value = checksum[name as keyof ObjectChecksum];
    if (value !== undefined) result[metadataPrefix + key] = value;
  }
  return result;
}

export function attrsFrom(name: string, size: number, headers: IncomingHttpHeaders): ObjectAttrs {
  const metadata: Record<string, string> = {};
  const checksum: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(metadataPrefix) || typeof value !== "string") continue;
    const own = header.slice(metadataPrefix.length);
    const algorithm = Object.entries(checksumNames).find(([, key]) => key === own)?.[0];
    if (algorithm === undefined) metadata[own] = decodeWords(value);
    else checksum[algorithm] = value;
  }
  const modified = headers["last-modified"];
  return {
    name,
    size,
    etag: unquoted(headers.etag ?? ""),
    ...objectHeaders(headers),
    ...versionIn(headers),
    ...(modified === undefined ? {} : { lastModified: new Date(modified) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(checksum).length === 0 ? {} : { checksum }),
  };
}

export function versionIn(headers: IncomingHttpHeaders): { readonly version?: string } {
  const version = headers["x-amz-version-id"];
  return typeof version === "string" && version !== "null" ? { version } : {};
}

export function unquoted(etag: string): string {
  return etag.replaceAll('"', "");
}

function objectHeaders(headers: IncomingHttpHeaders): ObjectHeaders {
  const found: Record<string, string> = {};
  for (const [name, header] of Object.entries(headerNames)) {
    const value = headers[header];
    if (typeof value === "string") found[name] = value;
  }
  return found;
}
