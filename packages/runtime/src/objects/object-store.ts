// The seam between buckets and what keeps their objects.

export interface ObjectAttrs {
  readonly name: string;
  readonly size: number;
  /** Changes with the content. */
  readonly etag: string;
  readonly contentType?: string;
  /** Of a versioned bucket. */
  readonly version?: string;
}

/** One object of a listing. */
export interface ListEntry {
  readonly name: string;
  readonly size: number;
  readonly etag: string;
}

export interface StoredUpload {
  readonly contentType: string | undefined;
  /** Fails with PreconditionFailed when there is an object of that name. */
  readonly notExists: boolean;
}

export type SignedMethod = "GET" | "PUT";

export interface ObjectStore {
  upload(name: string, data: Uint8Array, upload: StoredUpload): Promise<ObjectAttrs>;
  /** Throws ObjectNotFound, as the others do. */
  download(name: string, version: string | undefined): Promise<Buffer>;
  attrs(name: string, version: string | undefined): Promise<ObjectAttrs>;
  /** Removing what is not there is no error. */
  remove(name: string, version: string | undefined): Promise<void>;
  /** In order of name. */
  list(prefix: string): AsyncGenerator<ListEntry>;
  /** A URL with which anybody may do this one thing until the time is over. */
  signedUrl(method: SignedMethod, name: string, ttlSeconds: number): Promise<string>;
  /** undefined: objects of this bucket are not public. */
  publicUrl(name: string): string | undefined;
}
