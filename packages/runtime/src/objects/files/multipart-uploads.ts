// Uploads that come in parts, as clients of the S3 endpoint make them: each part is a file of its own until all of them become one object.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clock } from "../../clock/clock.ts";
import type { ObjectAttrs, ObjectHeaders, WriteCondition } from "../object-store.ts";
import { isMissing, makeFolder } from "./durable-files.ts";
import type { FileStore } from "./file-store.ts";
import { discardFile } from "./incoming-file.ts";
import { uploadsFolder } from "./leftovers.ts";

export interface MultipartUpload {
  readonly id: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface UploadPart {
  readonly number: number;
  readonly sizeBytes: number;
  /** MD5 in hex. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly s3Checksums?: Readonly<Record<string, string>>;
}

/** A part cannot be what the client says; the words are the codes of S3. */
export class PartRefused extends Error {
  readonly code: "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall" | "NoSuchUpload";

  constructor(code: PartRefused["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
}

/** Of all parts but the last, as in S3. */
export const leastPartBytes = 5 * 1024 * 1024;

export class MultipartUploads {
  readonly #store: FileStore;

  constructor(store: FileStore) {
    this.#store = store;
  }

  async create(upload: Omit<MultipartUpload, "id" | "startedAtMs">): Promise<MultipartUpload> {
    const created = { ...upload, id: randomBytes(24).toString("hex"), startedAtMs: clock().now() };
    const folder = this.#folderOf(created.id);
    await makeFolder(folder);
    await writeFile(join(folder, "upload.json"), JSON.stringify(created));
    return created;
  }

  /** undefined: there is none, or it has come to its end. */
  async find(id: string, name: string): Promise<MultipartUpload | undefined> {
    if (!/^[0-9a-f]{48}$/.test(id)) return undefined;
    const text = await readFile(join(this.#folderOf(id), "upload.json"), "utf8").catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    const upload = text === undefined ? undefined : (JSON.parse(text) as MultipartUpload);
    return upload?.name === name ? upload : undefined;
  }

  async all(): Promise<MultipartUpload[]> {
    const ids = await readdir(join(this.#store.folder, uploadsFolder)).catch(() => []);
    const texts = ids.map((id) => readFile(join(this.#folderOf(id), "upload.json"), "utf8").catch(() => undefined));
    const uploads = (await Promise.all(texts)).filter((text) => text !== undefined);
    return uploads.map((text) => JSON.parse(text) as MultipartUpload);
  }

  /** A part of the same number is replaced. `s3Checksums` is asked once the bytes are there. Throws PartRefused. */
  async put(
    { id }: MultipartUpload,
    number: number,
    source: AsyncIterable<Uint8Array>,
    s3Checksums: () => Readonly<Record<string, string>> | undefined,
  ): Promise<UploadPart> {
    const folder = this.#folderOf(id);
    const { path, sizeBytes, md5 } = await this.#store.receive(source);
    const checksums = s3Checksums();
    const part: UploadPart = {
      number,
      sizeBytes,
      etag: md5,
      modifiedAtMs: clock().now(),
      ...(checksums === undefined ? {} : { s3Checksums: checksums }),
    };
    try {
      // Named by its content, so that description and bytes always belong together.
      await rename(path, join(folder, dataOf(part)));
      await writeFile(`${path}.json`, JSON.stringify(part));
      await rename(`${path}.json`, join(folder, `part-${number}.json`));
      return part;
    } catch (error) {
      await Promise.all([discardFile(path), discardFile(`${path}.json`)]);
      if (!isMissing(error)) throw error;
      throw new PartRefused("NoSuchUpload", "The upload was completed or aborted while the part arrived.");
    }
  }

  /** In the order of their numbers. */
  async parts({ id }: MultipartUpload): Promise<UploadPart[]> {
    const folder = this.#folderOf(id);
    const names = (await readdir(folder)).filter((name) => /^part-\d+\.json$/.test(name));
    const parts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    return parts.map((text) => JSON.parse(text) as UploadPart).sort((a, b) => a.number - b.number);
  }

  /** Throws PartRefused and PreconditionFailed. */
  async complete(
    upload: MultipartUpload,
    listed: readonly CompletedPart[],
    condition: WriteCondition,
  ): Promise<ObjectAttrs> {
    const chosen = chooseParts(listed, await this.parts(upload));
    const { name, headers, metadata } = upload;
    const received = await this.#store.receive(this.#join(upload, chosen));
    const etag = etagOf(chosen);
    const attrs = await this.#store.place(name, received, { headers, metadata, condition, checksum: {}, etag });
    await this.abort(upload);
    return attrs;
  }

  async abort({ id }: MultipartUpload): Promise<void> {
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  async *#join({ id }: MultipartUpload, parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
    for (const part of parts)
      yield* createReadStream(join(this.#folderOf(id), dataOf(part)), { highWaterMark: 1 << 18 });
  }

  #folderOf(id: string): string {
    return join(this.#store.folder, uploadsFolder, id);
  }
}

function dataOf({ number, etag }: UploadPart): string {
  return `part-${number}-${etag}`;
}

/** As S3 makes it of the parts. */
function etagOf(parts: readonly UploadPart[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

function chooseParts(listed: readonly CompletedPart[], there: readonly UploadPart[]): UploadPart[] {
  const byNumber = new Map(there.map((part) => [part.number, part]));
  if (listed.some(({ number }, index) => index > 0 && number <= listed[index - 1]!.number))
    throw new PartRefused("InvalidPartOrder", "The parts must be listed in the order of their numbers.");
  return listed.map(({ number, etag }, index) => {
    const part = byNumber.get(number);
    if (part === undefined || part.etag !== etag)
      throw new PartRefused("InvalidPart", `Part ${number} was not uploaded, or has another ETag.`);
    if (index < listed.length - 1 && part.sizeBytes < leastPartBytes)
      throw new PartRefused("EntityTooSmall", `Part ${number} is smaller than ${leastPartBytes} bytes.`);
    return part;
  });
}
