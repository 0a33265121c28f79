// The declaration of a bucket. The compiler reads its name and options; at run time it reaches the store, with a span for each step.
import { currentCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { ObjectNotFound, ObjectsError } from "./errors.ts";
import type { ListEntry, ObjectAttrs, ObjectStore } from "./object-store.ts";
import { storeOf } from "./stores.ts";

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
  /** At most so many. */
  limit?: number;
}

export interface UploadOptions {
  contentType?: string;
  preconditions?: {
    /** Fails with PreconditionFailed when there is an object of that name. */
    notExists?: boolean;
  };
}

export interface VersionOptions {
  version?: string;
}

export interface SignedUrlOptions {
  /** How long the URL works, in seconds: 1 to 604,800 (7 days). Default: 3600. */
  ttl?: number;
}

// biome-ignore lint/suspicious/noEmptyInterface: the common root of what \`ref\` can be asked for
export interface BucketPerms {}

export interface Uploader extends BucketPerms {
  upload(name: string, data: Buffer, options?: UploadOptions): Promise<ObjectAttrs>;
}
export interface SignedUploader extends BucketPerms {
  signedUploadUrl(name: string, options?: SignedUrlOptions): Promise<{ url: string }>;
}
export interface Downloader extends BucketPerms {
  download(name: string, options?: VersionOptions): Promise<Buffer>;
}
export interface SignedDownloader extends BucketPerms {
  signedDownloadUrl(name: string, options?: SignedUrlOptions & VersionOptions): Promise<{ url: string }>;
}
export interface Attrser extends BucketPerms {
  attrs(name: string, options?: VersionOptions): Promise<ObjectAttrs>;
  exists(name: string, options?: VersionOptions): Promise<boolean>;
}
export interface Lister extends BucketPerms {
  list(options?: ListOptions): AsyncGenerator<ListEntry>;
}
export interface Remover extends BucketPerms {
  remove(name: string, options?: VersionOptions): Promise<void>;
}
export interface PublicUrler extends BucketPerms {
  publicUrl(name: string): string;
}
export type ReadWriter = Uploader & SignedUploader & Downloader & SignedDownloader & Attrser & Lister & Remover;

const longestTtlSeconds = 604_800;
const longestName = 1_024;

/**
 * A bucket of the app, declared at the top level of a file:
 *
 * ```ts
 * export const avatars = new Bucket("avatars", { public: true });
 * ```
 *
 * Everything throws ObjectsError when the store fails; ObjectNotFound and PreconditionFailed are kinds of it.
 */
export class Bucket implements ReadWriter, PublicUrler {
  readonly name: string;
  readonly config: BucketConfig;

  constructor(name: string, config: BucketConfig = {}) {
    this.name = name;
    this.config = config;
  }

  /** The bucket of that name, declared elsewhere in the app. */
  static named(name: string): Bucket {
    return new Bucket(name);
  }

  async *list({ prefix = "", limit }: ListOptions = {}): AsyncGenerator<ListEntry> {
    let count = 0;
    for await (const entry of storeOf(this.name).list(prefix)) {
      if (limit !== undefined && count++ >= limit) return;
      yield entry;
    }
  }

  exists(name: string, { version }: VersionOptions = {}): Promise<boolean> {
    return this.#traced("exists", name, async (store) => {
      try {
        await store.attrs(name, version);
        return true;
      } catch (error) {
        if (error instanceof ObjectNotFound) return false;
        throw error;
      }
    });
  }

  attrs(name: string, { version }: VersionOptions = {}): Promise<ObjectAttrs> {
    return this.#traced("attrs", name, (store) => store.attrs(name, version));
  }

  upload(name: string, data: Buffer, { contentType, preconditions }: UploadOptions = {}): Promise<ObjectAttrs> {
    const notExists = preconditions?.notExists === true;
    return this.#traced("upload", name, (store) => store.upload(name, data, { contentType, notExists }));
  }

  download(name: string, { version }: VersionOptions = {}): Promise<Buffer> {
    return this.#traced("download", name, (store) => store.download(name, version));
  }

  /** Removing what is not there is no error. */
  remove(name: string, { version }: VersionOptions = {}): Promise<void> {
    return this.#traced("remove", name, (store) => store.remove(name, version));
  }

  /** A URL to which anybody may PUT this object until the time is over. */
  async signedUploadUrl(name: string, options: SignedUrlOptions = {}): Promise<{ url: string }> {
    return { url: await storeOf(this.name).signedUrl("PUT", checkName(name), ttlOf(options)) };
  }

  /** A URL from which anybody may GET this object until the time is over. */
  async signedDownloadUrl(name: string, options: SignedUrlOptions & VersionOptions = {}): Promise<{ url: string }> {
    return { url: await storeOf(this.name).signedUrl("GET", checkName(name), ttlOf(options)) };
  }

  /** Throws ObjectsError when the bucket is not public. */
  publicUrl(name: string): string {
    const url = storeOf(this.name).publicUrl(checkName(name));
    if (url === undefined)
      throw new ObjectsError(`the bucket "${this.name}" is not public: declare it with { public: true }`);
    return url;
  }

  /** The bucket as a value to hand around, seen as what its user needs of it. */
  ref<P extends BucketPerms>(): P {
    return this as unknown as P;
  }

  async #traced<Result>(step: string, name: string, run: (store: ObjectStore) => Promise<Result>): Promise<Result> {
    const call = currentCall();
    const span = startSpan({
      name: `${step} ${this.name}`,
      kind: "client",
      service: call?.service ?? this.name,
      parent: call?.span,
      attributes: { "tenon.bucket.name": this.name, "tenon.bucket.operation": step, "tenon.object.name": name },
    });
    try {
      checkName(name);
      return await run(storeOf(this.name));
    } catch (error) {
      span.fail(error);
      throw error;
    } finally {
      span.end();
    }
  }
}

function checkName(name: string): string {
  if (typeof name === "string" && name !== "" && Buffer.byteLength(name) <= longestName && !name.includes("\0"))
    return name;
  throw new ObjectsError(`the name of an object must be 1 to ${longestName} bytes of text`);
}

function ttlOf({ ttl = 3600 }: SignedUrlOptions): number {
  if (Number.isInteger(ttl) && ttl >= 1 && ttl <= longestTtlSeconds) return ttl;
  throw new ObjectsError(`ttl must be a whole number of seconds from 1 to ${longestTtlSeconds}, got ${ttl}`);
}
