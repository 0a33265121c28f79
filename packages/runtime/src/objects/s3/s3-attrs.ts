// Attributes of an object as headers of S3, both ways.
import type { IncomingHttpHeaders } from "node:http";
import { fromRecord, toRecord } from "../described-metadata.ts";
import { type DescribedObject, headerNames } from "../http/described-object.ts";
import { unquoted } from "../http/etag.ts";
import type { ObjectAttrs, ObjectHeaders } from "../object-store.ts";
import { decodeWords, encodeWord } from "../http/encoded-word.ts";

const metadataPrefix = "x-amz-meta-";

export function headersFor({ headers, metadata, checksum }: DescribedObject): Record<string, string> {
  const result: Record<string, string> = { "content-type": "application/octet-stream" };
  for (const [name, header] of Object.entries(headerNames)) {
    const value = headers[name as keyof ObjectHeaders];
    if (value !== undefined) result[header] = value;
  }
  for (const [name, value] of Object.entries(toRecord(metadata, checksum)))
    result[metadataPrefix + name] = encodeWord(value);
  return result;
}

export function attrsFrom(name: string, size: number, headers: IncomingHttpHeaders): ObjectAttrs {
  const record: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(metadataPrefix) || typeof value !== "string") continue;
    record[header.slice(metadataPrefix.length)] = decodeWords(value);
  }
  const modified = headers["last-modified"];
  return {
    name,
    size,
    etag: unquoted(headers.etag ?? ""),
    ...objectHeaders(headers),
    ...versionIn(headers),
    ...(modified === undefined ? {} : { lastModified: new Date(modified) }),
    ...fromRecord(record),
  };
}

export function versionIn(headers: IncomingHttpHeaders): { readonly version?: string } {
  const version = headers["x-amz-version-id"];
  return typeof version === "string" && version !== "null" ? { version } : {};
}

function objectHeaders(headers: IncomingHttpHeaders): ObjectHeaders {
  const found: Record<string, string> = {};
  for (const [name, header] of Object.entries(headerNames)) {
    const value = headers[header];
    if (typeof value === "string") found[name] = value;
  }
  return found;
}
