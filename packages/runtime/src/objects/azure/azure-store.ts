// A bucket of Azure Blob Storage: a container, or the part of one that begins with a prefix.
import type { Readable } from "node:stream";
import { checkedUpload, hasChecksum } from "../checksum.ts";
import { clock } from "../../clock/clock.ts";
import { ObjectNotFound, ObjectsError, PreconditionFailed, RangeNotSatisfiable } from "../errors.ts";
import { PartBuffers } from "../http/part-buffers.ts";
import { rangeHeader } from "../http/range-header.ts";
import type { StoreAnswer } from "../http/store-connection.ts";
import { type Asked, guardedBody, spanOf, wayFailed } from "../http/store-failure.ts";
import { unquoted } from "../http/etag.ts";
import { isDots, pathOfName } from "../name-path.ts";
import { isBehind, placeOf } from "../object-order.ts";
import type {
  CommonPrefix,
  ListEntry,
  ListQuery,
  ObjectAttrs,
  ObjectRange,
  ObjectStore,
  OpenObject,
  OpenOptions,
  SignedAccess,
  StoredCopy,
  StoredUpload,
} from "../object-store.ts";
import { attrsFrom, headersFor, headersOfCondition, versionIn } from "./azure-attrs.ts";
import type { AzureBucketConfig } from "./azure-bucket-config.ts";
import { AzureClient, type AzureRequest } from "./azure-client.ts";
import { copyWithin, isCopiedByStore } from "./azure-copy.ts";
import { requireSuccess, requireText } from "./azure-failure.ts";
import { readListing } from "./azure-listing.ts";
import { accountSas, type AzureAccess, type DelegationKey, delegatedSas, fetchDelegationKey } from "./azure-sas.ts";
import { uploadBlocks, uploadWhole } from "./azure-upload.ts";

/** The store takes 50,000 blocks of an upload; a stream whose end nobody knows can have 390 GiB. */
const blockBytes = 8 * 1024 * 1024;
/** Those that the store gives in one answer. */
const pageLength = 5_000;
/** Between a look at an object and the next request it may be replaced. */
const mostLooks = 3;
const copyReadSeconds = 15 * 60;

export class AzureStore implements ObjectStore {
  readonly #bucket: string;
  readonly #config: AzureBucketConfig;
  readonly #client: AzureClient;
  #delegation: DelegationKey | undefined;

  constructor(bucket: string, config: AzureBucketConfig) {
    this.#bucket = bucket;
    this.#config = config;
    this.#client = new AzureClient(config);
  }

  async upload(name: string, source: AsyncIterable<Uint8Array>, upload: StoredUpload): Promise<ObjectAttrs> {
    const { headers, metadata, condition, checksum, signal } = upload;
    const asked = this.#asked(name);
    const checked = hasChecksum(checksum) ? checkedUpload(source, checksum, this.#bucket, name) : source;
    const buffers = new PartBuffers(checked, blockBytes);
    const conditionHeaders = headersOfCondition(condition);
    const toUpload = { path: this.#path(name), headers: headersFor(upload), conditionHeaders, asked, signal };
    try {
      const first = await buffers.next();
      const { answer, sizeBytes } =
        first.length < blockBytes
          ? { answer: await uploadWhole(this.#send, toUpload, first), sizeBytes: first.length }
          : await uploadBlocks(this.#send, toUpload, first, buffers);
      const described = { ...headers, ...notEmpty({ metadata, checksum }) };
      const etag = unquoted(answer.headers.etag ?? "");
      return { name, size: sizeBytes, etag, ...described, ...versionIn(answer.headers) };
    } finally {
      await buffers.close();
    }
  }

  async open(name: string, { version, range, signal }: OpenOptions): Promise<OpenObject> {
    const asked = this.#asked(name);
    const answer = await this.#read(name, version, range, signal);
    await this.#requireObject(answer, name, version);
    const span = spanOf(answer);
    // Azurite answers so where Azure refuses.
    if (span !== undefined && span.start > span.end) {
      answer.body.destroy();
      throw new RangeNotSatisfiable(this.#bucket, name);
    }
    const size = span?.size ?? Number(answer.headers["content-length"] ?? 0);
    const attrs = attrsFrom(name, size, answer.headers);
    const body = guardedBody(answer, asked, span === undefined ? (attrs.checksum ?? {}) : {}, signal);
    return { attrs, span: span && { start: span.start, end: span.end }, body };
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    const answer = await this.#send(
      { method: "HEAD", path: this.#path(name), query: queryOf(version) },
      this.#asked(name),
    );
    await this.#requireObject(answer, name, version);
    answer.body.resume();
    return attrsFrom(name, Number(answer.headers["content-length"] ?? 0), answer.headers);
  }

  async copy(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs> {
    for (let look = 1; ; look++) {
      const source = await this.attrs(from, copy.version);
      if (!isCopiedByStore(source, copy)) return await this.#copyThroughHere(from, to, copy);
      try {
        const sourceUrl = await this.#sourceUrl(from, copy.version);
        const authorization = await this.#client.copyAuthorization();
        const toCopy = { path: this.#path(to), sourceUrl, authorization, source, copy, asked: this.#asked(to) };
        return { ...(await copyWithin(this.#send, toCopy)), name: to };
      } catch (error) {
        const isChanged =
          error instanceof PreconditionFailed && (await this.attrs(from, copy.version)).etag !== source.etag;
        if (!isChanged || look === mostLooks) throw error;
      }
    }
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    const request = { method: "DELETE", path: this.#path(name), query: queryOf(version) };
    const answer = await this.#send(request, this.#asked(name));
    try {
      await this.#requireObject(answer, name, version);
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
    }
    answer.body.resume();
  }

  async *list({ prefix, delimiter, startAfter, limit }: ListQuery): AsyncGenerator<ListEntry | CommonPrefix> {
    const { keyPrefix = "" } = this.#config;
    const asked = this.#asked(prefix);
    const query: Record<string, string> = { restype: "container", comp: "list", prefix: keyPrefix + prefix };
    if (delimiter !== undefined) query["delimiter"] = delimiter;
    // The store knows no other place to begin at than a marker of its own: what comes before is passed over here.
    query["maxresults"] = String(startAfter === undefined ? Math.min(limit ?? pageLength, pageLength) : pageLength);
    let marker: string | undefined;
    do {
      const page = { ...query, ...(marker === undefined ? {} : { marker }) };
      const answer = await this.#send({ method: "GET", path: this.#client.pathOf(), query: page }, asked);
      const listing = readListing(await requireText(answer, asked));
      for (const entry of listing.entries) {
        const shown =
          "prefix" in entry
            ? { prefix: entry.prefix.slice(keyPrefix.length) }
            : { ...entry, name: entry.name.slice(keyPrefix.length) };
        if (isBehind(placeOf(shown), startAfter)) yield shown;
      }
      marker = listing.marker;
    } while (marker !== undefined);
  }

  async signedUrl({ method, name, version, ttlSeconds, contentType, maxSizeBytes }: SignedAccess): Promise<string> {
    const refuse = (reason: string) =>
      new ObjectsError("objects_unsupported", { bucket: this.#bucket, object: name, reason });
    if (maxSizeBytes !== undefined) throw refuse("a signed URL of Azure cannot limit the size of an upload");
    if (contentType !== undefined) throw refuse("a signed URL of Azure cannot ask for a content type");
    // Refuses what no URL can have.
    this.#path(name);
    const permissions = method === "GET" ? "r" : "cw";
    const query = await this.#signed(name, { version, permissions, ttlSeconds });
    return this.#client.urlOf(this.#key(name), query);
  }

  publicUrl(name: string): string | undefined {
    const { publicBaseUrl } = this.#config;
    return publicBaseUrl === undefined
      ? undefined
      : `${publicBaseUrl.replace(/\/$/, "")}/${pathOfName(this.#key(name))}`;
  }

  async #read(
    name: string,
    version: string | undefined,
    range: ObjectRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<StoreAnswer> {
    const get = (headers: Readonly<Record<string, string>>) =>
      this.#send(
        { method: "GET", path: this.#path(name), query: queryOf(version), headers, signal },
        this.#asked(name),
      );
    if (range === undefined) return await get({});
    if (!("suffixLength" in range)) return await get({ range: rangeHeader(range) });
    // The store knows no last bytes: they are counted from the front, of the object that was looked at.
    for (let look = 1; ; look++) {
      const { size, etag } = await this.attrs(name, version);
      if (size === 0) throw new RangeNotSatisfiable(this.#bucket, name);
      const offset = Math.max(0, size - range.suffixLength);
      const answer = await get({ range: rangeHeader({ offset }), "if-match": `"${etag}"` });
      if (answer.status !== 412 || look === mostLooks) return answer;
      answer.body.resume();
    }
  }

  async #copyThroughHere(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs> {
    const { attrs, body } = await this.open(from, { version: copy.version, range: undefined, signal: copy.signal });
    const { contentType, cacheControl, contentDisposition, contentEncoding, metadata = {}, checksum = {} } = attrs;
    const own = Object.entries({ contentType, cacheControl, contentDisposition, contentEncoding });
    return await this.upload(to, body as Readable & AsyncIterable<Uint8Array>, {
      headers: { ...Object.fromEntries(own.filter(([, value]) => value !== undefined)), ...copy.headers },
      metadata: copy.metadata ?? metadata,
      checksum,
      condition: copy.condition,
      signal: copy.signal,
    });
  }

  /** With a key, what may be read is said in the URL; without one, in a header. */
  async #sourceUrl(name: string, version: string | undefined): Promise<string> {
    if (this.#config.accountKey === undefined) return this.#client.urlOf(this.#key(name), queryOf(version));
    const access = { version, permissions: "r", ttlSeconds: copyReadSeconds };
    return this.#client.urlOf(this.#key(name), await this.#signed(name, access));
  }

  async #signed(
    name: string,
    { version, permissions, ttlSeconds }: { version: string | undefined; permissions: string; ttlSeconds: number },
  ): Promise<Record<string, string>> {
    const { account, accountKey, bucketName: container, endpoint } = this.#config;
    const endsAtMs = clock().now() + ttlSeconds * 1000;
    const isTls = endpoint.startsWith("https:");
    const access: AzureAccess = { account, container, key: this.#key(name), version, permissions, endsAtMs, isTls };
    if (accountKey !== undefined) return accountSas(access, accountKey);
    return delegatedSas(access, await this.#delegationUntil(endsAtMs, name));
  }

  /** A kept one, unless it ends before. */
  async #delegationUntil(endsAtMs: number, name: string): Promise<DelegationKey> {
    const asked = this.#asked(name);
    const kept = this.#delegation;
    if (kept !== undefined && Date.parse(kept.expiry) >= endsAtMs) return kept;
    const path = this.#client.servicePath;
    const fetched = await fetchDelegationKey(this.#send, path, endsAtMs, asked).catch((error: unknown) => {
      throw wayFailed(asked, error);
    });
    this.#delegation = fetched;
    return fetched;
  }

  #key(name: string): string {
    return (this.#config.keyPrefix ?? "") + name;
  }

  /** Azure takes a backslash for a slash, and what follows dots for a name in another folder, or in another container. */
  #path(name: string): string {
    const key = this.#key(name);
    if (!key.split(/[/\\]/).some(isDots)) return this.#client.pathOf(key);
    const reason = 'Azure has no objects with "." or ".." as a part of their names';
    throw new ObjectsError("objects_unsupported", { bucket: this.#bucket, object: name, reason });
  }

  #asked(object: string): Asked {
    return { bucket: this.#bucket, object };
  }

  readonly #send = (request: AzureRequest, asked: Asked): Promise<StoreAnswer> => this.#client.send(request, asked);

  async #requireObject(answer: StoreAnswer, name: string, version: string | undefined): Promise<void> {
    // A version that no store could have given out is there as little as one that was removed.
    if (answer.status === 400 && version !== undefined) {
      answer.body.resume();
      throw new ObjectNotFound(this.#bucket, name);
    }
    await requireSuccess(answer, this.#asked(name));
  }
}

function queryOf(version: string | undefined): Record<string, string> {
  return version === undefined ? {} : { versionid: version };
}

/** Without what says nothing. */
function notEmpty<Fields extends Record<string, object>>(fields: Fields): Partial<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0);
  return Object.fromEntries(entries) as Partial<Fields>;
}
