// Images as one tar archive, which `docker load`, `podman load` and `skopeo` read. The same images give the same bytes.
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BlobContent } from "../blob.ts";
import { blobPath } from "../blob.ts";
import type { Image } from "../image.ts";
import { BLOCK_BYTES, padding, tarHeader } from "../tar/tar-header.ts";
import { blobsOfImages } from "./blobs-of-images.ts";
import { indexFiles } from "./image-index.ts";

/** The old archive stays until the new one is whole. */
export async function writeArchive(file: string, images: readonly Image[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const growing = `${file}.${process.pid}`;
  try {
    await pipeline(Readable.from(archive(images)), createWriteStream(growing));
    await rename(growing, file);
  } finally {
    await rm(growing, { force: true });
  }
}

async function* archive(images: readonly Image[]): AsyncGenerator<Uint8Array> {
  for (const [path, text] of indexFiles(images)) {
    const bytes = Buffer.from(text);
    yield* member(path, bytes.length, { bytes });
  }
  for (const path of ["blobs", "blobs/sha256"]) {
    yield tarHeader({ kind: "directory", path, mode: 0o755, sizeBytes: 0, target: "" });
  }
  for (const blob of blobsOfImages(images)) {
    yield* member(`blobs/${blobPath(blob.descriptor)}`, blob.descriptor.size, await blob.load());
  }
  yield new Uint8Array(2 * BLOCK_BYTES);
}

async function* member(path: string, sizeBytes: number, content: BlobContent): AsyncGenerator<Uint8Array> {
  yield tarHeader({ kind: "file", path, mode: 0o644, sizeBytes, target: "" });
  if ("bytes" in content) yield content.bytes;
  else yield* createReadStream(content.file) as AsyncIterable<Uint8Array>;
  yield padding(sizeBytes);
}
