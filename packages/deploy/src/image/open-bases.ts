// The base images that were asked for by name.
import type { BaseImage } from "./base/base-image.ts";
import { offlineBase } from "./base/offline-base.ts";
import { offlineNode } from "./base/offline-node.ts";
import { registryBases } from "./base/registry-base.ts";
import type { BlobCache } from "./blob-cache.ts";
import { OFFLINE_BASE } from "./image-settings.ts";
import type { Platform } from "./platform.ts";
import { parseImageReference, pullPlace } from "./registry/image-reference.ts";
import type { Registry } from "./registry/registry.ts";

export interface BaseOptions {
  /** Name of an image, or "offline". */
  readonly base: string;
  readonly platforms: readonly Platform[];
  /** Version, of an offline base. */
  readonly node: string | undefined;
  readonly cache: BlobCache;
  /** Where versions of Node from npm are kept. */
  readonly cacheDir: string;
  registry(name: string): Registry;
}

/** One for each platform. Throws DeployError. */
export async function openBases({
  base,
  platforms,
  node,
  cache,
  cacheDir,
  registry,
}: BaseOptions): Promise<BaseImage[]> {
  if (base !== OFFLINE_BASE) {
    const reference = parseImageReference(base);
    return registryBases(registry(pullPlace(reference).registry), reference, platforms, cache);
  }
  const nodeFile = await offlineNode(node, cacheDir);
  return Promise.all(platforms.map((platform) => offlineBase({ platform, nodeFile, cache })));
}
