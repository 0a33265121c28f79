// The declaration of a bucket. The compiler reads its name and options; at run time it reaches the store, with a span for each step.
import type { Readable } from "node:stream";
import type {
  BucketConfig,
  CopyOptions,
  DownloadOptions,
  FolderListOptions,
  ListOptions,
  ObjectDownload,
  SignedUploadOptions,
  SignedUrlOptions,
  UploadOptions,
  VersionOptions,
} from "./bucket-options.ts";
import type { BucketPerms, PublicUrler, ReadWriter } from "./bucket-permissions.ts";
import { checkLimit, checkRange, checkTtl, conditionOf } from "./check-arguments.ts";
import { ObjectNotFound, ObjectsError } from "./errors.ts";
import { chunksOf, guardSource, type ObjectData } from "./object-data.ts";
import type { CommonPrefix, ListEntry, ObjectAttrs, OpenObject, SignedMethod } from "./object-store.ts";
import { Operation } from "./operation.ts";
import { storeOf } from "./stores.ts";
import { checkChecksum, checkHeaders, checkMetadata, checkName } from "./upload-rules.ts";

/**
 * A bucket of the app, declared at the top level of a file:
 *
 * ```ts
 * export const avatars = new Bucket("avatars", { public: true });
 * ```
 *
 * Everything throws ObjectsError when the store fails; its kinds are ObjectNotFound, PreconditionFailed, ChecksumMismatch and
 * RangeNotSatisfiable.
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

  /** Names are in the order of their bytes. With a `delimiter`, names that have it behind the prefix come as one `CommonPrefix`. */
  list(options: FolderListOptions): AsyncGenerator<ListEntry | CommonPrefix>;
  list(options?: ListOptions): AsyncGenerator<ListEntry>;
  async *list(options: ListOptions & { delimiter?: string } = {}): AsyncGenerator<ListEntry | CommonPrefix> {
    const { prefix = "", limit, delimiter, startAfter } = options;
    const operation = new Operation(this.name, "list", prefix === "" ? undefined : prefix);
    try {
      checkLimit(this.name, limit);
      let count = 0;
      if (limit !== 0) {
        for await (const entry of storeOf(this.name).list({
          prefix,
          delimiter: delimiter || undefined,
          startAfter,
          limit,
        })) {
          yield entry;
          if (++count === limit) break;
        }
      }
    } catch (error) {
      throw operation.failure(error);
    } finally {
      operation.end();
    }
  }

  exists(name: string, { version }: VersionOptions = {}): Promise<boolean> {
    return this.#begin("exists", name).runUntilOver(async () => {
      try {
        await storeOf(this.name).attrs(checkName(this.name, name), version);
        return true;
      } catch (error) {
        if (error instanceof ObjectNotFound) return false;
        throw error;
      }
    });
  }

  attrs(name: string, { version }: VersionOptions = {}): Promise<ObjectAttrs> {
    return this.#begin("attrs", name).runUntilOver(async () =>
      storeOf(this.name).attrs(checkName(this.name, name), version),
    );
  }

  /**
   * Stores the data under the name, instead of what is there. It is stored when this resolves; when it rejects, nothing of it can be seen.
   * Streams are read no faster than the store takes them, so that memory stays small whatever their size. An error of the stream is thrown as
   * it is.
   */
  upload(name: string, data: ObjectData, options: UploadOptions = {}): Promise<ObjectAttrs> {
    const { metadata = {}, checksum = {}, preconditions, signal: own } = options;
    const operation = this.#begin("upload", name, own);
    return operation.run(async () => {
      const { signal } = operation;
      const { name: bucket } = this;
      const source = guardSource(chunksOf(data, bucket, checkName(bucket, name)), signal);
      return await storeOf(bucket).upload(name, source, {
        headers: checkHeaders(bucket, name, options),
        metadata: checkMetadata(bucket, name, metadata),
        condition: conditionOf(bucket, name, preconditions),
        checksum: checkChecksum(bucket, name, checksum),
        signal,
      });
    });
  }

  /** All of the object, or a range of it, in memory. */
  download(name: string, options: DownloadOptions = {}): Promise<Buffer> {
    const operation = this.#begin("download", name, options.signal);
    return operation.runUntilOver(async () => readAll(await this.#open(name, options, operation.signal)));
  }

  /** The object as a stream. Whoever does not read `body` to its end has to destroy it. */
  async openDownload(name: string, options: DownloadOptions = {}): Promise<ObjectDownload> {
    const operation = this.#begin("openDownload", name, options.signal);
    try {
      const { attrs, span, body } = await this.#open(name, options, operation.signal);
      body.once("error", (error) => void operation.failure(error));
      body.once("close", () => operation.end(attrs.size));
      return { attrs, range: span, body };
    } catch (error) {
      throw operation.failure(error);
    }
  }

  /** Copies within the bucket; the bytes do not pass through this process where the store can do without. */
  copy(from: string, to: string, options: CopyOptions = {}): Promise<ObjectAttrs> {
    const { version, metadata, preconditions, signal: own } = options;
    const operation = this.#begin("copy", to, own);
    return operation.run(async () => {
      const { name: bucket } = this;
      return await storeOf(bucket).copy(checkName(bucket, from), checkName(bucket, to), {
        version,
        headers: checkHeaders(bucket, to, options),
        metadata: metadata === undefined ? undefined : checkMetadata(bucket, to, metadata),
        condition: conditionOf(bucket, to, preconditions),
        signal: operation.signal,
      });
    });
  }

  /** Removing what is not there is no error. */
  remove(name: string, { version }: VersionOptions = {}): Promise<void> {
    return this.#begin("remove", name).runUntilOver(async () =>
      storeOf(this.name).remove(checkName(this.name, name), version),
    );
  }

  /** A URL to which anybody may PUT this object until the time is over. */
  async signedUploadUrl(name: string, options: SignedUploadOptions = {}): Promise<{ url: string }> {
    const { contentType, maxSizeBytes } = options;
    const isSize = maxSizeBytes === undefined || (Number.isSafeInteger(maxSizeBytes) && maxSizeBytes >= 0);
    const reason = `maxSizeBytes must be a whole number of bytes, got ${maxSizeBytes}`;
    if (!isSize) throw new ObjectsError("objects_argument_invalid", { bucket: this.name, object: name, reason });
    checkHeaders(this.name, name, contentType === undefined ? {} : { contentType });
    return await this.#signed("PUT", name, options, { contentType, maxSizeBytes });
  }

  /** A URL from which anybody may GET this object until the time is over. */
  async signedDownloadUrl(name: string, options: SignedUrlOptions & VersionOptions = {}): Promise<{ url: string }> {
    return await this.#signed("GET", name, options, { version: options.version });
  }

  /** Throws ObjectsError when the bucket is not public. */
  publicUrl(name: string): string {
    const url = storeOf(this.name).publicUrl(checkName(this.name, name));
    if (url === undefined) throw new ObjectsError("objects_not_public", { bucket: this.name });
    return url;
  }

  /** The bucket as a value to hand around, seen as what its user needs of it. */
  ref<P extends BucketPerms>(): P {
    return this as unknown as P;
  }

  #begin(step: string, name: string, signal?: AbortSignal): Operation {
    return new Operation(this.name, step, name, signal);
  }

  #open(name: string, { version, range }: DownloadOptions, signal: AbortSignal | undefined): Promise<OpenObject> {
    checkRange(this.name, name, range);
    return storeOf(this.name).open(checkName(this.name, name), { version, range, signal });
  }

  async #signed(
    method: SignedMethod,
    name: string,
    { ttl }: SignedUrlOptions,
    allowed: { version?: string | undefined; contentType?: string | undefined; maxSizeBytes?: number | undefined },
  ): Promise<{ url: string }> {
    const { version, contentType, maxSizeBytes } = allowed;
    const ttlSeconds = checkTtl(this.name, name, ttl);
    const access = { method, name: checkName(this.name, name), version, ttlSeconds, contentType, maxSizeBytes };
    return { url: await storeOf(this.name).signedUrl(access) };
  }
}

async function readAll({
  attrs,
  span,
  body,
}: {
  attrs: ObjectAttrs;
  span: OpenObject["span"];
  body: Readable;
}): Promise<Buffer> {
  const bytes = Buffer.alloc(span === undefined ? attrs.size : span.end - span.start + 1);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return filled === bytes.length ? bytes : bytes.subarray(0, filled);
}
