// A layer of an image: a tar archive, compressed by code of ours rather than the zlib of the running Node, whose bytes differ between
// versions and processors (docs/decisions/0048).
import { writeFile } from "node:fs/promises";
import { gzipSync } from "fflate";
import { type Blob, blobOf, digestOf } from "./blob.ts";
import type { BlobCache } from "./blob-cache.ts";
import { tarOf, type TarEntry } from "./tar/tar-entries.ts";

export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface Layer {
  readonly blob: Blob;
  /** Digest of the archive before compression. */
  readonly diffId: string;
  /** What made it, for `history`; absent for a layer of a base image, which brings its own. */
  readonly createdBy?: string;
}

/** Of what is in the compressed bytes besides the archive: a change makes kept layers void. */
const compression = "gzip-6-fflate-0.8";

/** With a cache, the costly part is done once for the same content. */
export async function makeLayer(entries: readonly TarEntry[], createdBy: string, cache?: BlobCache): Promise<Layer> {
  const archive = tarOf(entries);
  const diffId = digestOf(archive);
  const note = `${compression}-${diffId}`;
  const kept = await keptLayer(note, cache);
  if (kept !== undefined) return { blob: kept, diffId, createdBy };
  const bytes = compress(archive);
  const blob = blobOf(LAYER_TYPE, bytes);
  if (cache !== undefined) {
    const { digest, size } = blob.descriptor;
    await cache.keep(digest, (file) => writeFile(file, bytes));
    await cache.keepNote(note, JSON.stringify({ digest, size }));
  }
  return { blob, diffId, createdBy };
}

/** `mem` is given because the default is computed from a logarithm, which engines need not agree on. */
function compress(archive: Uint8Array): Uint8Array {
  return gzipSync(archive, { level: 6, mem: 8, mtime: 0 });
}

async function keptLayer(note: string, cache: BlobCache | undefined): Promise<Blob | undefined> {
  const text = await cache?.findNote(note);
  if (cache === undefined || text === undefined) return undefined;
  const { digest, size } = JSON.parse(text) as { digest: string; size: number };
  const file = await cache.find(digest);
  if (file === undefined) return undefined;
  return { descriptor: { mediaType: LAYER_TYPE, digest, size }, load: async () => ({ file }) };
}
