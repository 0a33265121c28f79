// What `tenon image` says: each image with its digest, by which it can be deployed, and how large it is.
import { type Image, platformText, type PushedImage } from "@tenon/deploy";

/** `pushed`: absent if it was not. */
export function imageText(image: Image, pushed: PushedImage | undefined): string {
  const { name, root, variants } = image;
  const platforms = variants.map(({ platform }) => platformText(platform)).join(", ");
  const sent = pushed === undefined ? "" : `, sent ${megabytes(pushed.sentBytes)}`;
  return `${name}@${root.descriptor.digest}  ${platforms}  ${megabytes(sizeBytes(image))}${sent}\n`;
}

/** For programs; one line. */
export function imageJson(image: Image, pushed: PushedImage | undefined): string {
  const { name, root, variants } = image;
  const found = {
    name,
    digest: root.descriptor.digest,
    platforms: variants.map(({ platform }) => platformText(platform)),
    sizeBytes: sizeBytes(image),
    ...(pushed === undefined ? {} : { pushed: true, sentBytes: pushed.sentBytes }),
  };
  return `${JSON.stringify(found)}\n`;
}

/** What a registry keeps of its first platform. */
function sizeBytes({ variants: [first] }: Image): number {
  return first!.layers.reduce((total, { descriptor }) => total + descriptor.size, first!.config.descriptor.size);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
