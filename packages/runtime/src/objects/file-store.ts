// A bucket in a folder: for the laptop, and for one machine. Each object has a folder named by the hash of its name, so that any name
// fits; what is being written becomes visible with one rename, so that no half of an object is ever seen.
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ObjectNotFound, PreconditionFailed } from "./errors.ts";
import { objectPath, signAccess } from "./object-signature.ts";
import type { ListEntry, ObjectAttrs, ObjectStore, SignedMethod, StoredUpload } from "./object-store.ts";

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

/** The description of the version that is current; those of all versions lie beside it. */
const currentFile = "current.json";

export class FileStore implements ObjectStore {
  readonly #options: FileStoreOptions;

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  async upload(name: string, data: Uint8Array, { contentType, notExists }: StoredUpload): Promise<ObjectAttrs> {
    const folder = this.#folderOf(name);
    const version = randomUUID();
    const described = { name, size: data.byteLength, etag: createHash("md5").update(data).digest("hex"), version };
    const attrs: ObjectAttrs = { ...described, ...(contentType === undefined ? {} : { contentType }) };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, version), data);
    const description = join(folder, `${version}.json`);
    await writeFile(description, JSON.stringify(attrs));
    const before = await this.#read(name, undefined).catch(() => undefined);
    try {
      if (notExists) await link(description, join(folder, currentFile));
      else {
        const next = join(folder, `${version}.next`);
        await link(description, next);
        await rename(next, join(folder, currentFile));
      }
    } catch (error) {
      await this.#forget(folder, version);
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new PreconditionFailed(this.#options.bucket, name);
      throw error;
    }
    if (before?.version !== undefined && !this.#options.isVersioned) await this.#forget(folder, before.version);
    return this.#shown(attrs);
  }

  async download(name: string, version: string | undefined): Promise<Buffer> {
    const attrs = await this.#read(name, version);
    return readFile(join(this.#folderOf(name), attrs.version!)).catch(() => {
      throw new ObjectNotFound(this.#options.bucket, name);
    });
  }

  async attrs(name: string, version: string | undefined): Promise<ObjectAttrs> {
    return this.#shown(await this.#read(name, version));
  }

  async remove(name: string, version: string | undefined): Promise<void> {
    const folder = this.#folderOf(name);
    const attrs = await this.#read(name, version).catch(() => undefined);
    if (attrs?.version === undefined) return;
    const current = await this.#read(name, undefined).catch(() => undefined);
    if (current?.version === attrs.version) await rm(join(folder, currentFile), { force: true });
    if (version !== undefined || !this.#options.isVersioned) await this.#forget(folder, attrs.version);
  }

  async *list(prefix: string): AsyncGenerator<ListEntry> {
    const root = join(this.#options.directory, this.#options.bucket);
    const folders = await readdir(root).catch(() => []);
    const entries: ListEntry[] = [];
    for (const folder of folders) {
      const attrs = await readAttrs(join(root, folder, currentFile)).catch(() => undefined);
      if (attrs?.name.startsWith(prefix)) entries.push({ name: attrs.name, size: attrs.size, etag: attrs.etag });
    }
    yield* entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async signedUrl(method: SignedMethod, name: string, ttlSeconds: number): Promise<string> {
    const { bucket, baseUrl, signingKey } = this.#options;
    const expiresAt = Math.floor(Date.now() / 1000) + ttlSeconds;
    const signature = signAccess(signingKey, { method, bucket, name, expiresAt });
    return `${baseUrl}${objectPath(bucket, name)}?expires=${expiresAt}&signature=${signature}`;
  }

  publicUrl(name: string): string | undefined {
    const { bucket, baseUrl, isPublic } = this.#options;
    return isPublic ? `${baseUrl}${objectPath(bucket, name)}` : undefined;
  }

  #folderOf(name: string): string {
    const { directory, bucket } = this.#options;
    return join(directory, bucket, createHash("sha256").update(name).digest("hex"));
  }

  async #read(name: string, version: string | undefined): Promise<ObjectAttrs> {
    const isVersion = version === undefined || /^[0-9a-f-]{36}$/.test(version);
    const file = version === undefined ? currentFile : `${version}.json`;
    if (!isVersion) throw new ObjectNotFound(this.#options.bucket, name);
    return readAttrs(join(this.#folderOf(name), file)).catch(() => {
      throw new ObjectNotFound(this.#options.bucket, name);
    });
  }

  async #forget(folder: string, version: string): Promise<void> {
    await Promise.all([version, `${version}.json`].map((file) => unlink(join(folder, file)).catch(() => {})));
  }

  /** Versions are of interest only where they are kept. */
  #shown({ version, ...attrs }: ObjectAttrs): ObjectAttrs {
    return this.#options.isVersioned && version !== undefined ? { ...attrs, version } : attrs;
  }
}

async function readAttrs(file: string): Promise<ObjectAttrs> {
  return JSON.parse(await readFile(file, "utf8")) as ObjectAttrs;
}
