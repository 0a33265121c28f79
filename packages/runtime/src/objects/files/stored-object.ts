// How the file store describes an object, in JSON beside its bytes.
import type { ObjectAttrs, ObjectChecksum, ObjectHeaders } from "../object-store.ts";

export interface StoredObject extends ObjectHeaders {
  readonly name: string;
  readonly size: number;
  readonly etag: string;
  /** Names the file with the bytes. */
  readonly version: string;
  readonly modifiedAtMs: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly checksum?: ObjectChecksum;
  /** Checksums that a client of the S3 endpoint has given, by algorithm: they are given back. */
  readonly s3Checksums?: Readonly<Record<string, string>>;
}

/** Versions are of interest only where they are kept. */
export function attrsOf(object: StoredObject, isVersioned: boolean): ObjectAttrs {
  const { version, modifiedAtMs, s3Checksums: _, ...attrs } = object;
  return { ...attrs, lastModified: new Date(modifiedAtMs), ...(isVersioned ? { version } : {}) };
}
