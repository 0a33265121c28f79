// Every blob of some images once, in the order of their digests.
import type { Blob } from "../blob.ts";
import type { Image } from "../image.ts";

export function blobsOfImages(images: readonly Image[]): Blob[] {
  const all = images.flatMap(({ root, variants }) => [
    root,
    ...variants.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]),
  ]);
  const byDigest = new Map(all.map((blob) => [blob.descriptor.digest, blob]));
  return [...byDigest.values()].sort((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
}
