// From a production build and its bases to an image.
import type { BaseImage } from "./base/base-image.ts";
import type { BlobCache } from "./blob-cache.ts";
import { buildLayers } from "./build-layers.ts";
import { type Image, type ImageCommand, imageOf, imageVariant } from "./image.ts";
import { checkNativeAddons } from "./native-addons.ts";

export interface ImageInput extends ImageCommand {
  /** "shop/orders:latest". */
  readonly name: string;
  /** Absolute: what comes to lie in /app. */
  readonly buildDir: string;
}

/** `bases`: one for each platform. Throws DeployError `image_content_invalid`, `native_addon_platform`. */
export async function makeImage(
  { name, buildDir, ...command }: ImageInput,
  bases: readonly BaseImage[],
  cache?: BlobCache,
): Promise<Image> {
  await checkNativeAddons(
    buildDir,
    bases.map(({ platform }) => platform),
  );
  const layers = await buildLayers(buildDir, cache);
  return imageOf(
    name,
    bases.map((base) => imageVariant(base, layers, command)),
  );
}
