// Attributes of an object as headers of Azure Blob Storage, both ways.
import type { IncomingHttpHeaders } from "node:http";
import { fromRecord, toRecord } from "../described-metadata.ts";
import { type DescribedObject, headerNames } from "../http/described-object.ts";
import { unquoted } from "../http/etag.ts";
import type { ObjectAttrs, ObjectHeaders, WriteCondition } from "../object-store.ts";
import { decodeWords, encodeWord } from "../http/encoded-word.ts";
import { fromAzureName, toAzureName } from "./metadata-name.ts";

const metadataPrefix = "x-ms-meta-";

export function headersFor({ headers, metadata, checksum }: DescribedObject): Record<string, string> {
  const result: Record<string, string> = { "x-ms-blob-content-type": "application/octet-stream" };
  for (const [name, header] of Object.entries(headerNames)) {
    const value = headers[name as keyof ObjectHeaders];
    if (value !== undefined) result[`x-ms-blob-${header}`] = value;
  }
  return { ...result, ...metadataHeaders(toRecord(metadata, checksum)) };
}

export function metadataHeaders(record: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([name, value]) => [metadataPrefix + toAzureName(name), encodeWord(value)]));
}

export function attrsFrom(name: string, size: number, headers: IncomingHttpHeaders): ObjectAttrs {
  const record: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(metadataPrefix) || typeof value !== "string") continue;
    record[fromAzureName(header.slice(metadataPrefix.length))] = decodeWords(value);
  }
  const modified = headers["last-modified"];
  return {
    name,
    size,
    etag: unquoted(headers.etag ?? ""),
    ...servedHeaders(headers),
    ...versionIn(headers),
    ...(modified === undefined ? {} : { lastModified: new Date(modified) }),
    ...fromRecord(record),
  };
}

/** Of an account that keeps versions. */
export function versionIn(headers: IncomingHttpHeaders): { readonly version?: string } {
  const version = headers["x-ms-version-id"];
  return typeof version === "string" ? { version } : {};
}

export function headersOfCondition(condition: WriteCondition): Record<string, string> {
  if (condition === undefined) return {};
  return "notExists" in condition ? { "if-none-match": "*" } : { "if-match": `"${condition.ifMatch}"` };
}

function servedHeaders(headers: IncomingHttpHeaders): ObjectHeaders {
  const found = Object.entries(headerNames).map(([name, header]) => [name, headers[header]]);
  return Object.fromEntries(found.filter(([, value]) => typeof value === "string"));
}
