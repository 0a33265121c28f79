// Blobs that are costly to make or to fetch, kept in a folder by their hash. Whatever is wrong with a kept one, it counts as not there.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

export interface BlobCache {
  /** Its file, if what is in it has this digest. */
  find(digest: string): Promise<string | undefined>;
  /** Takes what `write` puts into the file it is given; returns where it is kept. */
  keep(digest: string, write: (file: string) => Promise<void>): Promise<string>;
  /** A small text under a name of the caller's. */
  findNote(name: string): Promise<string | undefined>;
  keepNote(name: string, text: string): Promise<void>;
}

export function createBlobCache(dir: string): BlobCache {
  const fileOf = (digest: string) => join(dir, "blobs", digest.replace(":", "/"));
  const noteOf = (name: string) => join(dir, "notes", name.replaceAll(/[^\w.-]/g, "_"));
  return {
    async find(digest) {
      const file = fileOf(digest);
      const found = await fileDigest(file).catch(() => undefined);
      return found === digest ? file : undefined;
    },
    async keep(digest, write) {
      const file = fileOf(digest);
      await mkdir(dirname(file), { recursive: true });
      // Under a name of its own until it is whole: several commands may fetch the same.
      const growing = `${file}.${randomUUID()}`;
      try {
        await write(growing);
        await rename(growing, file);
      } finally {
        await rm(growing, { force: true });
      }
      return file;
    },
    async findNote(name) {
      return readFile(noteOf(name), "utf8").catch(() => undefined);
    },
    async keepNote(name, text) {
      const file = noteOf(name);
      await mkdir(dirname(file), { recursive: true });
      const growing = `${file}.${randomUUID()}`;
      await writeFile(growing, text);
      await rename(growing, file);
    },
  };
}

export async function fileDigest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest("hex")}`;
}
