// A bucket of an S3-compatible store. Large uploads go in parts, so that memory is bounded; each request is signed together with its bytes, so
// that what arrives is what was sent.
import { checkedUpload, hasChecksum } from "../checksum.ts";
import { ObjectNotFound, ObjectsError, PreconditionFailed } from "../errors.ts";
import { unquoted } from "../http/etag.ts";
import { PartBuffers } from "../http/part-buffers.ts";
import { rangeHeader } from "../http/range-header.ts";
import { type Asked, guardedBody, spanOf, wayFailed } from "../http/store-failure.ts";
import { isDots, pathOfName } from "../name-path.ts";
import { isBehind, placeOf } from "../object-order.ts";
import type {
  CommonPrefix,
  ListEntry,
  ListQuery,
  ObjectAttrs,
  ObjectStore,
  OpenObject,
  OpenOptions,
  SignedAccess,
  StoredCopy,
  StoredUpload,
  WriteCondition,
} from "../object-store.ts";
import { copyObject } from "./copy-object.ts";
import { attrsFrom, headersFor, versionIn } from "./s3-attrs.ts";
import type { S3BucketConfig } from "./s3-bucket-config.ts";
import { type S3Answer, S3Client, type S3Request } from "./s3-client.ts";
import { requireSuccess, requireSuccessfulText } from "./s3-failure.ts";
import { readListing } from "./s3-listing.ts";
import { uploadParts } from "./upload-parts.ts";

/** A store takes 10,000 parts of an upload; a stream whose end nobody knows can have 78 GiB. */
const partBytes = 8 * 1024 * 1024;
/** Those that a store gives in one answer. */
const pageLength = 1_000;

export class S3Store implements ObjectStore {
  readonly #bucket: string;
  readonly #config: S3BucketConfig;
  readonly #client: S3Client;

  constructor(bucket: string, config: S3BucketConfig) {
    this.#bucket = bucket;
    this.#config = config;
    this.#client = new S3Client(config);
  }

  async upload(name: string, source: AsyncIterable<Uint8Array>, upload: StoredUpload): Promise<ObjectAttrs> {
    const { headers, metadata, condition, checksum, signal } = upload;
    const asked = this.#asked(name);
    const checked = hasChecksum(checksum) ? checkedUpload(source, checksum, this.#bucket, name) : source;
    const buffers = new PartBuffers(checked, partBytes);
    const send = this.#sender(name);
    const request = { key: this.#key(name), headers: headersFor(upload), signal };
    const conditionHeaders = headersOfCondition(condition);
    try {
      const first = await buffers.next();
      let size = first.length;
      let answer: S3Answer;
      let etag: string;
      if (first.length < partBytes) {
        const whole = { ...request.headers, ...conditionHeaders };
        answer = await send({ ...request, method: "PUT", headers: whole, body: first });
        await requireSuccess(answer, asked);
        answer.body.resume();
        etag = answer.headers.etag ?? "";
      } else {
        const parts = { ...request, conditionHeaders, asked };
        ({ answer, etag, sizeBytes: size } = await uploadParts(send, parts, first, buffers));
      }
      const described = { ...headers, ...notEmpty({ metadata, checksum }) };
      return { name, size, etag: unquoted(etag), ...described, ...versionIn(answer.headers) };
    } catch (error) {
      throw conflictOf(error, condition, asked);
    } finally {
      await buffers.close();
    }
  }

  async open(name: string, { version, range, signal }: OpenOptions): Promise<OpenObject> {
    const headers: Record<string, string> = range === undefined ? {} : { range: rangeHeader(range) };
    const answer = await this.#send(name, { method: "GET", query: queryOf(version), headers, signal });
    await this.#requireObject(answer, name, version);
    const span = spanOf(answer);
    const size = span?.size ?? Number(answer.headers["content-length"] ?? 0);
    const attrs = attrsFrom(name, size, answer.headers);
    const isChecked = span === undefined && attrs.checksum !== undefined;
    const body = guardedBody(answer, this.#asked(name), isChecked ? attrs.checksum! : {}, signal);
    return { attrs, span: span && { start: span.start, end: span.end }, body };
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    const answer = await this.#send(name, { method: "HEAD", query: queryOf(version) });
    await this.#requireObject(answer, name, version);
    answer.body.resume();
    return attrsFrom(name, Number(answer.headers["content-length"] ?? 0), answer.headers);
  }

  async copy(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs> {
    const asked = this.#asked(to);
    const toDescribe = { ...copy, conditionHeaders: headersOfCondition(copy.condition) };
    const keys = { from: this.#key(from), to: this.#key(to), sourceBucket: this.#config.bucketName };
    const readSource = () => this.attrs(from, copy.version);
    return await copyObject(this.#sender(to), keys, readSource, toDescribe, asked).catch((error: unknown) => {
      throw conflictOf(error, copy.condition, asked);
    });
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    const answer = await this.#send(name, { method: "DELETE", query: queryOf(version) });
    try {
      await this.#requireObject(answer, name, version);
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
    }
    answer.body.resume();
  }

  async *list({ prefix, delimiter, startAfter, limit }: ListQuery): AsyncGenerator<ListEntry | CommonPrefix> {
    const { keyPrefix = "" } = this.#config;
    const shared: Record<string, string> = { "list-type": "2", "encoding-type": "url", prefix: keyPrefix + prefix };
    if (delimiter !== undefined) shared["delimiter"] = delimiter;
    if (startAfter !== undefined) shared["start-after"] = keyPrefix + startAfter;
    if (limit !== undefined) shared["max-keys"] = String(Math.min(limit, pageLength));
    let continuation: string | undefined;
    do {
      const query = continuation === undefined ? shared : { ...shared, "continuation-token": continuation };
      const answer = await this.#sender(prefix)({ method: "GET", query });
      const page = readListing(await requireSuccessfulText(answer, this.#asked(prefix)));
      for (const entry of page.entries) {
        const shown =
          "prefix" in entry
            ? { prefix: entry.prefix.slice(keyPrefix.length) }
            : { ...entry, name: entry.name.slice(keyPrefix.length) };
        // Stores do not agree on what `start-after` means for prefixes.
        if (isBehind(placeOf(shown), startAfter)) yield shown;
      }
      continuation = page.continuation;
    } while (continuation !== undefined);
  }

  async signedUrl({ method, name, version, ttlSeconds, contentType, maxSizeBytes }: SignedAccess): Promise<string> {
    const refuse = (reason: string) =>
      new ObjectsError("objects_unsupported", { bucket: this.#bucket, object: name, reason });
    if (maxSizeBytes !== undefined) throw refuse("a signed URL of S3 cannot limit the size of an upload");
    if (isDots(this.#key(name))) throw refuse("no URL can have this name");
    const headers: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
    return this.#client.presign(method, this.#key(name), { ttlSeconds, headers, query: queryOf(version) });
  }

  publicUrl(name: string): string | undefined {
    const { publicBaseUrl } = this.#config;
    return publicBaseUrl === undefined
      ? undefined
      : `${publicBaseUrl.replace(/\/$/, "")}/${pathOfName(this.#key(name))}`;
  }

  #key(name: string): string {
    return (this.#config.keyPrefix ?? "") + name;
  }

  #asked(object: string): Asked {
    return { bucket: this.#bucket, object };
  }

  #send(name: string, request: Omit<S3Request, "key">): Promise<S3Answer> {
    return this.#sender(name)({ ...request, key: this.#key(name) });
  }

  /** Says of a failed connection whose it was. */
  #sender(object: string): (request: S3Request) => Promise<S3Answer> {
    return async (request) => {
      try {
        return await this.#client.send(request);
      } catch (error) {
        request.signal?.throwIfAborted();
        throw wayFailed(this.#asked(object), error);
      }
    };
  }

  async #requireObject(answer: S3Answer, name: string, version: string | undefined): Promise<void> {
    // A version that no store could have given out is there as little as one that was removed.
    if (answer.status === 400 && version !== undefined) {
      answer.body.resume();
      throw new ObjectNotFound(this.#bucket, name);
    }
    await requireSuccess(answer, this.#asked(name));
  }
}

/** Of an object that is not there S3 says so, where the condition was that it is there. */
function conflictOf(error: unknown, condition: WriteCondition, { bucket, object }: Asked): unknown {
  const isGone =
    error instanceof ObjectNotFound && error.object === object && condition !== undefined && "ifMatch" in condition;
  return isGone ? new PreconditionFailed(bucket, object, "there is none") : error;
}

function headersOfCondition(condition: WriteCondition): Record<string, string> {
  if (condition === undefined) return {};
  return "notExists" in condition ? { "if-none-match": "*" } : { "if-match": `"${condition.ifMatch}"` };
}

function queryOf(version: string | undefined): Record<string, string> {
  return version === undefined ? {} : { versionId: version };
}

/** Without what says nothing. */
function notEmpty<Fields extends Record<string, object>>(fields: Fields): Partial<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0);
  return Object.fromEntries(entries) as Partial<Fields>;
}
