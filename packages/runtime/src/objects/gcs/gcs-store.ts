// A bucket of Google Cloud Storage, by its JSON API and as the Google identity of the process.
import { checkedUpload, hasChecksum } from "../checksum.ts";
import { ObjectNotFound, ObjectsError, PreconditionFailed } from "../errors.ts";
import type { StoreAnswer } from "../http/store-connection.ts";
import { type Asked, guardedBody, spanOf } from "../http/store-failure.ts";
import { isDots, pathOfName } from "../name-path.ts";
import { compareNames, isBehind, placeOf } from "../object-order.ts";
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
import { rangeHeader } from "../http/range-header.ts";
import { PartBuffers } from "../http/part-buffers.ts";
import { attrsFrom, type GcsObject, isGeneration, queryOfCondition, resourceFor } from "./gcs-attrs.ts";
import type { GcsBucketConfig } from "./gcs-bucket-config.ts";
import { GcsClient, type GcsRequest } from "./gcs-client.ts";
import { rewrite } from "./gcs-copy.ts";
import { requireJson, requireSuccess } from "./gcs-failure.ts";
import { chunkBytes, uploadInSession } from "./gcs-session.ts";
import { signedUrl } from "./gcs-signed-url.ts";
import { uploadWhole } from "./gcs-upload.ts";

const pageLength = 1_000;
/** Between a look at an object and the next request it may be replaced. */
const mostLooks = 3;

interface Page {
  readonly items?: readonly GcsObject[];
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
}

export class GcsStore implements ObjectStore {
  readonly #bucket: string;
  readonly #config: GcsBucketConfig;
  readonly #isVersioned: boolean;
  readonly #client: GcsClient;

  constructor(bucket: string, config: GcsBucketConfig, isVersioned: boolean) {
    this.#bucket = bucket;
    this.#config = config;
    this.#isVersioned = isVersioned;
    this.#client = new GcsClient(config);
  }

  async upload(name: string, source: AsyncIterable<Uint8Array>, upload: StoredUpload): Promise<ObjectAttrs> {
    const { checksum, signal } = upload;
    const asked = this.#asked(name);
    const condition = this.#conditionOf(upload.condition, asked);
    const checked = hasChecksum(checksum) ? checkedUpload(source, checksum, this.#bucket, name) : source;
    const buffers = new PartBuffers(checked, chunkBytes);
    const resource = resourceFor(this.#key(name), upload);
    const toUpload = { uploadPath: this.#client.uploadPath, resource, condition, asked, signal };
    try {
      const first = await buffers.next();
      const object =
        first.length < chunkBytes
          ? await uploadWhole(this.#send, toUpload, first)
          : await uploadInSession(this.#send, toUpload, first, buffers);
      return attrsFrom(name, object, this.#isVersioned);
    } finally {
      await buffers.close();
    }
  }

  async open(name: string, { version, range, signal }: OpenOptions): Promise<OpenObject> {
    const asked = this.#asked(name);
    for (let look = 1; ; look++) {
      const object = await this.#look(name, version, signal);
      // Compressed objects are given as they are stored, which a range, a size and a checksum are about.
      const headers = { "accept-encoding": "gzip", ...(range === undefined ? {} : { range: rangeHeader(range) }) };
      const query = { alt: "media", generation: object.generation ?? "" };
      const path = this.#path(name);
      const answer = await this.#send({ method: "GET", path, query, headers, signal }, asked);
      if (answer.status === 404 && version === undefined && look < mostLooks) {
        answer.body.resume();
        continue;
      }
      await requireSuccess(answer, asked);
      const attrs = attrsFrom(name, object, this.#isVersioned);
      const span = spanOf(answer);
      const body = guardedBody(answer, asked, span === undefined ? (attrs.checksum ?? {}) : {}, signal);
      return { attrs, span: span && { start: span.start, end: span.end }, body };
    }
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    return attrsFrom(name, await this.#look(name, version), this.#isVersioned);
  }

  async copy(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs> {
    const asked = this.#asked(to);
    const condition = this.#conditionOf(copy.condition, asked);
    const path = `${this.#path(from)}/rewriteTo${this.#destinationOf(to)}`;
    for (let look = 1; ; look++) {
      const object = await this.#look(from, copy.version, copy.signal);
      const source = attrsFrom(from, object, false);
      const resource = resourceFor(this.#key(to), {
        headers: { ...headersOf(object), ...copy.headers },
        metadata: copy.metadata ?? source.metadata ?? {},
        checksum: source.checksum ?? {},
      });
      const { generation = "" } = object;
      try {
        const toCopy = { path, generation, resource, condition, asked, signal: copy.signal };
        return attrsFrom(to, await rewrite(this.#send, toCopy), this.#isVersioned);
      } catch (error) {
        const isReplaced = error instanceof ObjectNotFound && copy.version === undefined;
        if (!isReplaced || look === mostLooks) throw error;
      }
    }
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    if (version !== undefined && !isGeneration(version)) return;
    const query = version === undefined ? {} : { generation: version };
    const path = this.#path(name);
    const answer = await this.#send({ method: "DELETE", path, query }, this.#asked(name));
    try {
      await requireSuccess(answer, this.#asked(name));
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
    }
    answer.body.resume();
  }

  async *list({ prefix, delimiter, startAfter, limit }: ListQuery): AsyncGenerator<ListEntry | CommonPrefix> {
    const { keyPrefix = "" } = this.#config;
    const asked = this.#asked(prefix);
    const shared: Record<string, string> = {
      prefix: keyPrefix + prefix,
      fields: "items(name,size,generation),prefixes,nextPageToken",
      maxResults: String(Math.min(limit ?? pageLength, pageLength)),
    };
    if (delimiter !== undefined) shared["delimiter"] = delimiter;
    if (startAfter !== undefined) shared["startOffset"] = keyPrefix + startAfter;
    let pageToken: string | undefined;
    do {
      const query = pageToken === undefined ? shared : { ...shared, pageToken };
      const answer = await this.#send({ method: "GET", path: this.#client.objectPath(), query }, asked);
      const page = await requireJson<Page>(answer, asked);
      // The offset is the first name that is wanted there, and the last that is not here.
      for (const entry of entriesOf(page, keyPrefix.length)) if (isBehind(placeOf(entry), startAfter)) yield entry;
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && pageToken !== "");
  }

  async signedUrl({ method, name, version, ttlSeconds, contentType, maxSizeBytes }: SignedAccess): Promise<string> {
    const key = this.#key(name);
    const refuse = (reason: string) =>
      new ObjectsError("objects_unsupported", { bucket: this.#bucket, object: name, reason });
    if (maxSizeBytes !== undefined) throw refuse("a signed URL of Google cannot limit the size of an upload");
    if (isDots(key)) throw refuse("no URL can have this name");
    const headers: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
    const query: Record<string, string> = version === undefined ? {} : { generation: version };
    return await signedUrl(this.#config, { method, key, query, headers, ttlSeconds }, this.#asked(name));
  }

  publicUrl(name: string): string | undefined {
    const { publicBaseUrl } = this.#config;
    return publicBaseUrl === undefined
      ? undefined
      : `${publicBaseUrl.replace(/\/$/, "")}/${pathOfName(this.#key(name))}`;
  }

  async #look(name: string, version: string | undefined, signal?: AbortSignal): Promise<GcsObject> {
    const asked = this.#asked(name);
    if (version !== undefined && !isGeneration(version)) throw new ObjectNotFound(this.#bucket, name);
    const query: Record<string, string> = version === undefined ? {} : { generation: version };
    const path = this.#path(name);
    return await requireJson<GcsObject>(await this.#send({ method: "GET", path, query, signal }, asked), asked);
  }

  #conditionOf(condition: WriteCondition, { bucket, object }: Asked): Readonly<Record<string, string>> {
    const query = queryOfCondition(condition);
    if (query !== undefined) return query;
    throw new PreconditionFailed(bucket, object, "no object there has such an etag");
  }

  #destinationOf(name: string): string {
    return this.#path(name).slice("/storage/v1".length);
  }

  /** Google has no objects of these names, and on the way they would be taken for folders, however they are written. */
  #path(name: string): string {
    const key = this.#key(name);
    if (!isDots(key)) return this.#client.objectPath(key);
    const reason = 'Google has no objects that are called "." or ".."';
    throw new ObjectsError("objects_unsupported", { bucket: this.#bucket, object: name, reason });
  }

  #key(name: string): string {
    return (this.#config.keyPrefix ?? "") + name;
  }

  #asked(object: string): Asked {
    return { bucket: this.#bucket, object };
  }

  readonly #send = (request: GcsRequest, asked: Asked): Promise<StoreAnswer> => this.#client.send(request, asked);
}

function entriesOf({ items = [], prefixes = [] }: Page, cut: number): (ListEntry | CommonPrefix)[] {
  const objects = items.map(({ name = "", size = "0", generation = "" }) => ({
    name: name.slice(cut),
    size: Number(size),
    etag: generation,
  }));
  const entries = [...objects, ...prefixes.map((prefix) => ({ prefix: prefix.slice(cut) }))];
  return entries.sort((a, b) => compareNames(placeOf(a), placeOf(b)));
}

function headersOf({ contentType, cacheControl, contentDisposition, contentEncoding }: GcsObject) {
  const given = Object.entries({ contentType, cacheControl, contentDisposition, contentEncoding });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
