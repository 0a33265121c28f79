// The seam between buckets and what keeps their objects. Every store passes the suite in object-store.suite.test.support.ts.
import type { Readable } from "node:stream";

/** Of the whole content, in base64. */
export interface ObjectChecksum {
  readonly sha256?: string;
  /** CRC-32 as in zlib, 4 bytes with the highest first. */
  readonly crc32?: string;
}

/** How an object is served; each is what the HTTP header of that name says. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
}

export interface ObjectAttrs extends ObjectHeaders {
  readonly name: string;
  readonly size: number;
  /** Changes with the content. */
  readonly etag: string;
  /** Of a versioned bucket. */
  readonly version?: string;
  /** When it was written; the answer to an upload need not say it. */
  readonly lastModified?: Date;
  /** What was given with the upload; absent: nothing was. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What was given with the upload; absent: nothing was. */
  readonly checksum?: ObjectChecksum;
}

/** One object of a listing. */
export interface ListEntry {
  readonly name: string;
  readonly size: number;
  readonly etag: string;
}

/** Stands in a listing for all names that begin with it; it ends with the delimiter. */
export interface CommonPrefix {
  readonly prefix: string;
}

/** What the object must be like at the moment of the write. */
export type WriteCondition = { readonly notExists: true } | { readonly ifMatch: string } | undefined;

export interface StoredUpload {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
  readonly checksum: ObjectChecksum;
  readonly signal: AbortSignal | undefined;
}

/** What differs from the object that is copied; undefined: as there. */
export interface StoredCopy {
  readonly version: string | undefined;
  readonly headers: ObjectHeaders | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly condition: WriteCondition;
  readonly signal: AbortSignal | undefined;
}

/** `length` bytes from `offset` on, to the end without one; or the last `suffixLength` bytes. */
export type ObjectRange = { readonly offset: number; readonly length?: number } | { readonly suffixLength: number };

export interface OpenOptions {
  readonly version: string | undefined;
  readonly range: ObjectRange | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface OpenObject {
  readonly attrs: ObjectAttrs;
  /** First and last byte of what `body` gives; undefined: all of it. */
  readonly span: { readonly start: number; readonly end: number } | undefined;
  /** Fails when the bytes end early or are not what the object's checksum says. */
  readonly body: Readable;
}

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** Only what comes behind it in the order of names. */
  readonly startAfter: string | undefined;
  /** No more are of interest. */
  readonly limit: number | undefined;
}

export type SignedMethod = "GET" | "PUT";

/** What a signed URL allows. */
export interface SignedAccess {
  readonly method: SignedMethod;
  readonly name: string;
  readonly version: string | undefined;
  readonly ttlSeconds: number;
  /** Of an upload: exactly this one. */
  readonly contentType: string | undefined;
  /** Of an upload: at most. */
  readonly maxSizeBytes: number | undefined;
}

export interface ObjectStore {
  /** Stored when it resolves; nothing of it can be seen when it rejects. An error of `source` is passed on as it is. */
  upload(name: string, source: AsyncIterable<Uint8Array>, upload: StoredUpload): Promise<ObjectAttrs>;
  /** Throws ObjectNotFound, as the others do, and RangeNotSatisfiable. */
  open(name: string, options: OpenOptions): Promise<OpenObject>;
  attrs(name: string, version: string | undefined): Promise<ObjectAttrs>;
  copy(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs>;
  /** Removing what is not there is no error. */
  remove(name: string, version: string | undefined): Promise<void>;
  /** In the order of the names' bytes. */
  list(query: ListQuery): AsyncGenerator<ListEntry | CommonPrefix>;
  /** A URL with which anybody may do this one thing until the time is over. */
  signedUrl(access: SignedAccess): Promise<string>;
  /** undefined: objects of this bucket are not public. */
  publicUrl(name: string): string | undefined;
}
