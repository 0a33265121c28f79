// What the methods of a bucket take and give.
import type { Readable } from "node:stream";
import type { ObjectAttrs, ObjectChecksum, ObjectHeaders, ObjectRange } from "./object-store.ts";

/** Settings of a bucket. */
export interface BucketConfig {
  /** Anybody can read its objects under `publicUrl`. Default: false. */
  public?: boolean;
  /** Objects that are overwritten or removed are kept as versions. Default: false. */
  versioned?: boolean;
}

export interface ListOptions {
  /** Only names that begin with it. */
  prefix?: string;
  /** At most so many entries. */
  limit?: number;
  /** Only what comes behind it in the order of names. */
  startAfter?: string;
}

export interface FolderListOptions extends ListOptions {
  /** Names that have it behind the prefix are given as one `CommonPrefix` for all that are the same up to there: "/" lists as a folder. */
  delimiter: string;
}

/** What the object must be like at the moment of the write; otherwise it fails with PreconditionFailed. */
export interface WritePreconditions {
  /** There is no object of that name. */
  notExists?: boolean;
  /** The object there has this etag. */
  ifMatch?: string;
}

export interface CancelOptions {
  /** Ends the operation when it aborts; it then fails with the signal's reason. */
  signal?: AbortSignal;
}

export interface UploadOptions extends CancelOptions {
  /** The media type that it is served with. Default: application/octet-stream. */
  contentType?: string;
  /** How it is served: the header of that name. */
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  /** Up to 2 KiB of names, in lower case, and texts. */
  metadata?: Record<string, string>;
  preconditions?: WritePreconditions;
  /** What the data must be, in base64; with other data the upload fails with ChecksumMismatch. Downloads are compared with it, too. */
  checksum?: ObjectChecksum;
}

export interface CopyOptions extends CancelOptions, ObjectHeaders {
  /** Of the object that is copied. Default: the current one. */
  version?: string;
  /** Instead of that of the object that is copied. */
  metadata?: Record<string, string>;
  preconditions?: WritePreconditions;
}

export interface VersionOptions {
  version?: string;
}

export interface DownloadOptions extends VersionOptions, CancelOptions {
  /** Only these bytes. A range behind the object's end fails with RangeNotSatisfiable. */
  range?: ObjectRange;
}

/** An object as it comes. Whoever does not read `body` to its end has to destroy it. */
export interface ObjectDownload {
  readonly attrs: ObjectAttrs;
  /** First and last byte of what `body` gives; undefined: all of the object. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  /** As a web stream: `Readable.toWeb(body)`. Fails when the bytes end early or are not what the checksum says. */
  readonly body: Readable;
}

export interface SignedUrlOptions {
  /** How long the URL works, in seconds: 1 to 604,800 (7 days). Default: 3600. */
  ttl?: number;
}

export interface SignedUploadOptions extends SignedUrlOptions {
  /** The upload must say this content type. Default: any. */
  contentType?: string;
  /** No upload may be larger. Only where objects are kept in files: S3 cannot promise it, and the call fails there. */
  maxSizeBytes?: number;
}
