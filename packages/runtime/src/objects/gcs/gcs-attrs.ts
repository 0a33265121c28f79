// Attributes of an object as Google's JSON API has them, both ways. The etag of buckets is the object's generation: it changes with every write,
// and a write can be made to depend on it alone, which Google's own etags are not for.
import { fromRecord, toRecord } from "../described-metadata.ts";
import type { ObjectAttrs, ObjectChecksum, ObjectHeaders, WriteCondition } from "../object-store.ts";

/** `Object` of the API, as far as it is read here. */
export interface GcsObject {
  readonly name?: string;
  /** Bytes, as text. */
  readonly size?: string;
  readonly generation?: string;
  readonly timeCreated?: string;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const headerNames = ["contentType", "cacheControl", "contentDisposition", "contentEncoding"] as const;

interface Described {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: ObjectChecksum;
}

export function resourceFor(key: string, { headers, metadata, checksum }: Described): Record<string, unknown> {
  const record = toRecord(metadata, checksum);
  return {
    name: key,
    contentType: "application/octet-stream",
    ...headers,
    ...(Object.keys(record).length === 0 ? {} : { metadata: record }),
  };
}

export function attrsFrom(name: string, object: GcsObject, isVersioned: boolean): ObjectAttrs {
  const { size = "0", generation = "", timeCreated, metadata = {} } = object;
  const headers = headerNames.flatMap((header) => (object[header] === undefined ? [] : [[header, object[header]]]));
  return {
    name,
    size: Number(size),
    etag: generation,
    ...(Object.fromEntries(headers) as ObjectHeaders),
    ...(isVersioned && generation !== "" ? { version: generation } : {}),
    ...(timeCreated === undefined ? {} : { lastModified: new Date(timeCreated) }),
    ...fromRecord(metadata),
  };
}

export function isGeneration(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text);
}

/** undefined: the condition can't hold, since no object has such an etag. */
export function queryOfCondition(condition: WriteCondition): Readonly<Record<string, string>> | undefined {
  if (condition === undefined) return {};
  if ("notExists" in condition) return { ifGenerationMatch: "0" };
  return isGeneration(condition.ifMatch) ? { ifGenerationMatch: condition.ifMatch } : undefined;
}
