// What tells tools which images are in a folder or an archive: `index.json` and `oci-layout` of the OCI layout, and `manifest.json` of the format
// that `docker load` has always read. Both name the same blobs, so one archive serves both.
import { blobPath } from "../blob.ts";
import { type Image, INDEX_TYPE } from "../image.ts";

/** Path -> text. */
export function indexFiles(images: readonly Image[]): ReadonlyMap<string, string> {
  return new Map([
    ["oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })],
    ["index.json", JSON.stringify(layoutIndex(images))],
    ["manifest.json", JSON.stringify(images.map(dockerEntry))],
  ]);
}

function layoutIndex(images: readonly Image[]): object {
  const manifests = images.map(({ name, root, variants }) => ({
    ...root.descriptor,
    ...(variants.length === 1 ? { platform: variants[0]!.platform } : {}),
    annotations: { "org.opencontainers.image.ref.name": name },
  }));
  return { schemaVersion: 2, mediaType: INDEX_TYPE, manifests };
}

/** The format knows one platform for a name: the first one. */
function dockerEntry({ name, variants }: Image): object {
  const { config, layers } = variants[0]!;
  const place = ({ descriptor }: (typeof layers)[number]) => `blobs/${blobPath(descriptor)}`;
  return { Config: place(config), RepoTags: [name], Layers: layers.map(place) };
}
