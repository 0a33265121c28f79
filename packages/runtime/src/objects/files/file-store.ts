// A bucket in a folder: for the laptop, and for one machine. Each object has a folder named by the hash of its name, so that any name fits.
// What is acknowledged is on the disk; what is still being written cannot be seen.
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { clock } from "../../clock/clock.ts";
import { checkedDownload, checkedUpload, hasChecksum } from "../checksum.ts";
import { objectPath, signAccess } from "../door/object-signature.ts";
import { ObjectNotFound, ObjectsError, PreconditionFailed } from "../errors.ts";
import { foldNames } from "../object-order.ts";
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
import { resolveRange } from "../resolve-range.ts";
import { isMissing } from "./durable-files.ts";
import { discardFile, type ReceivedFile, receiveFile } from "./incoming-file.ts";
import { incomingFolder, sweepLeftovers } from "./leftovers.ts";
import { listFolders } from "./list-folders.ts";
import { ObjectFolder, Overtaken } from "./object-folder.ts";
import { attrsOf, type StoredObject } from "./stored-object.ts";

export interface FileStoreOptions {
  readonly bucket: string;
  readonly isPublic: boolean;
  readonly isVersioned: boolean;
  /** Of all buckets. */
  readonly directory: string;
  /** Where the door for objects is reached: "http://127.0.0.1:4000". */
  readonly baseUrl: string;
  readonly signingKey: string;
}

/** What becomes of received bytes. */
export type Placing = Pick<StoredObject, "metadata" | "s3Checksums"> &
  Pick<StoredUpload, "headers" | "condition" | "checksum"> & {
    /** Default: the MD5 of the bytes, as in S3. */
    readonly etag?: string;
  };

/** Of what is read at once. */
const readBytes = 256 * 1024;

export class FileStore implements ObjectStore {
  readonly #options: FileStoreOptions;
  #isSwept = false;

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** Where all of the bucket is. */
  get folder(): string {
    return join(this.#options.directory, this.#options.bucket);
  }

  async upload(name: string, source: AsyncIterable<Uint8Array>, upload: StoredUpload): Promise<ObjectAttrs> {
    const { condition, checksum, signal } = upload;
    // To be told at once is kinder than after all of the bytes; what holds in the end is looked at again.
    if (condition !== undefined) this.#check(name, condition, await this.#folderOf(name).current());
    const checked = hasChecksum(checksum) ? checkedUpload(source, checksum, this.#options.bucket, name) : source;
    return await this.place(name, await this.receive(checked, signal), upload);
  }

  /** Takes bytes that become an object by `place`, or nothing by `discardFile`. */
  async receive(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<ReceivedFile> {
    this.#sweepOnce();
    return await receiveFile(join(this.folder, incomingFolder), source, signal);
  }

  async place(name: string, received: ReceivedFile, placing: Placing): Promise<ObjectAttrs> {
    const { headers, metadata = {}, checksum, s3Checksums, condition, etag = received.md5 } = placing;
    const object: StoredObject = {
      name,
      size: received.sizeBytes,
      etag,
      version: randomUUID(),
      modifiedAtMs: clock().now(),
      ...headers,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(hasChecksum(checksum) ? { checksum } : {}),
      ...(s3Checksums === undefined ? {} : { s3Checksums }),
    };
    try {
      const allow = (before: StoredObject | undefined) => this.#check(name, condition, before);
      await this.#folderOf(name).put(object, received.path, condition === undefined ? undefined : allow);
    } catch (error) {
      await discardFile(received.path);
      if (!(error instanceof Overtaken)) throw error;
      const reason = "others wrote at the same time, and whether this write's condition held cannot be told";
      throw new ObjectsError("objects_unavailable", { bucket: this.#options.bucket, object: name, reason });
    }
    return attrsOf(object, this.#options.isVersioned);
  }

  async open(name: string, { version, range, signal }: OpenOptions): Promise<OpenObject> {
    const { bucket, isVersioned } = this.#options;
    const { object, handle } = await this.#openFile(name, version);
    try {
      const { size } = await handle.stat();
      if (size !== object.size)
        throw new ObjectsError("objects_damaged", {
          bucket,
          object: name,
          reason: `${size} of ${object.size} bytes are there`,
        });
      const span = resolveRange(range, object.size, bucket, name);
      const bytes = handle.createReadStream({ ...span, highWaterMark: readBytes, ...(signal && { signal }) });
      const isChecked = span === undefined && object.checksum !== undefined;
      if (!isChecked) return { attrs: attrsOf(object, isVersioned), span, body: bytes };
      // A reader who leaves before the first byte ends a generator that never began.
      const body = Readable.from(checkedDownload(bytes, object.checksum, bucket, name));
      body.once("close", () => bytes.destroy());
      return { attrs: attrsOf(object, isVersioned), span, body };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    return attrsOf(await this.stored(name, version), this.#options.isVersioned);
  }

  /** Throws ObjectNotFound. */
  async stored(name: string, version?: string): Promise<StoredObject> {
    const folder = this.#folderOf(name);
    const object = version === undefined ? await folder.current() : await folder.version(version);
    if (object === undefined) throw new ObjectNotFound(this.#options.bucket, name);
    return object;
  }

  async copy(from: string, to: string, copy: StoredCopy): Promise<ObjectAttrs> {
    const { object, handle } = await this.#openFile(from, copy.version);
    const bytes = handle.createReadStream({ highWaterMark: readBytes });
    const received = await this.receive(bytes, copy.signal);
    return await this.place(to, received, placingOfCopy(object, copy));
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    const folder = this.#folderOf(name);
    await (version === undefined ? folder.remove() : folder.removeVersion(version));
  }

  async *list(query: ListQuery): AsyncGenerator<ListEntry | CommonPrefix> {
    for (const entry of foldNames(await this.all(query.prefix), query)) {
      yield "prefix" in entry ? entry : { name: entry.name, size: entry.size, etag: entry.etag };
    }
  }

  /** Every object whose name begins so, in order. */
  async all(prefix: string): Promise<StoredObject[]> {
    return await listFolders(this.folder, prefix, this.#options.isVersioned, clock().now());
  }

  async signedUrl({ ttlSeconds, ...access }: SignedAccess): Promise<string> {
    const { bucket, baseUrl, signingKey } = this.#options;
    const expiresAt = Math.floor(clock().now() / 1000) + ttlSeconds;
    return `${baseUrl}${objectPath(bucket, access.name)}?${signAccess(signingKey, { ...access, bucket, expiresAt })}`;
  }

  publicUrl(name: string): string | undefined {
    const { bucket, baseUrl, isPublic } = this.#options;
    return isPublic ? `${baseUrl}${objectPath(bucket, name)}` : undefined;
  }

  async #openFile(name: string, version: string | undefined): Promise<{ object: StoredObject; handle: FileHandle }> {
    const folder = this.#folderOf(name);
    for (let last: string | undefined; ; ) {
      const object = await this.stored(name, version);
      try {
        return { object, handle: await open(folder.dataOf(object), "r") };
      } catch (error) {
        if (!isMissing(error)) throw error;
        // Replaced between the two steps, unless the same one is missing again.
        if (last === object.version)
          throw new ObjectsError("objects_damaged", {
            bucket: this.#options.bucket,
            object: name,
            reason: "its bytes are gone",
          });
        last = object.version;
      }
    }
  }

  #folderOf(name: string): ObjectFolder {
    return new ObjectFolder(
      join(this.folder, createHash("sha256").update(name).digest("hex")),
      this.#options.isVersioned,
    );
  }

  #check(name: string, condition: WriteCondition, before: StoredObject | undefined): void {
    if (condition === undefined) return;
    const { bucket } = this.#options;
    if ("notExists" in condition) {
      if (before !== undefined) throw new PreconditionFailed(bucket, name, "there is one already");
    } else if (before?.etag !== condition.ifMatch) {
      const actual = before === undefined ? "there is none" : `its etag is ${before.etag}`;
      throw new PreconditionFailed(bucket, name, `${actual}, not ${condition.ifMatch}`);
    }
  }

  #sweepOnce(): void {
    if (this.#isSwept) return;
    this.#isSwept = true;
    void sweepLeftovers(this.folder, clock().now());
  }
}

/** Bytes that are the same have the same checksums. */
function placingOfCopy(object: StoredObject, { headers, metadata, condition }: StoredCopy): Placing {
  const { contentType, cacheControl, contentDisposition, contentEncoding, etag, checksum = {}, s3Checksums } = object;
  const own = { contentType, cacheControl, contentDisposition, contentEncoding };
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return {
    headers: { ...Object.fromEntries(given), ...headers },
    metadata: metadata ?? object.metadata ?? {},
    condition,
    checksum,
    etag,
    ...(s3Checksums === undefined ? {} : { s3Checksums }),
  };
}
