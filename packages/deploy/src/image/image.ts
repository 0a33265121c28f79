// An image: for each platform a configuration and layers, tied together by a manifest; several platforms by an index (OCI image specification
// 1.1). The same parts give the same digest: there is no time in it unless SOURCE_DATE_EPOCH gives one.
import type { BaseImage } from "./base/base-image.ts";
import { type Blob, type Descriptor, jsonBlob } from "./blob.ts";
import { HEALTH_SCRIPT } from "./health-script.ts";
import type { Layer } from "./layer.ts";
import type { Platform } from "./platform.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

export interface Image {
  /** Without registry and tag where there are none: "shop/orders:latest". */
  readonly name: string;
  /** The manifest, or with several platforms the index: its digest is the image's. */
  readonly root: Blob;
  readonly variants: readonly ImageVariant[];
}

export interface ImageVariant {
  readonly platform: Platform;
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** What a container of the image runs, beyond what its base says. */
export interface ImageCommand {
  /** Arguments of `node main.js` unless others are given. */
  readonly arguments: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339; absent: the image does not say when it was made. */
  readonly created?: string;
}

export function imageOf(name: string, variants: readonly ImageVariant[]): Image {
  const [first, ...others] = variants;
  if (first === undefined) throw new TypeError("an image needs at least one platform");
  if (others.length === 0) return { name, root: first.manifest, variants };
  const manifests = variants.map(({ platform, manifest }) => ({ ...manifest.descriptor, platform }));
  return { name, root: jsonBlob(INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests }), variants };
}

export function imageVariant(base: BaseImage, own: readonly Layer[], command: ImageCommand): ImageVariant {
  const config = jsonBlob(CONFIG_TYPE, imageConfig(base, own, command));
  const layers = [...base.layers, ...own].map(({ blob }) => blob);
  const manifest = jsonBlob(MANIFEST_TYPE, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: config.descriptor,
    layers: layers.map(({ descriptor }): Descriptor => ({ ...descriptor, mediaType: ociLayerType(descriptor) })),
    annotations: sorted(command.labels),
  });
  return { platform: base.platform, manifest, config, layers };
}

function imageConfig(base: BaseImage, own: readonly Layer[], command: ImageCommand): object {
  const created = command.created === undefined ? {} : { created: command.created };
  return {
    ...created,
    ...base.platform,
    config: {
      // Numbers: Kubernetes' runAsNonRoot cannot look up names.
      User: "65532:65532",
      ExposedPorts: { "8080/tcp": {}, "8081/tcp": {} },
      Env: environment(base),
      Entrypoint: ["node", "main.js"],
      Cmd: command.arguments,
      WorkingDir: "/app",
      Labels: sorted({ ...base.labels, ...command.labels }),
      StopSignal: "SIGTERM",
      Healthcheck: healthcheck,
    },
    rootfs: { type: "layers", diff_ids: [...base.layers, ...own].map(({ diffId }) => diffId) },
    history: [...base.history, ...own.map(({ createdBy }) => ({ ...created, created_by: createdBy }))],
  };
}

/** Docker's extension of the format, which the OCI specification reserves the name for; times in nanoseconds. */
const healthcheck = {
  Test: ["CMD", "node", "-e", HEALTH_SCRIPT],
  Interval: 30e9,
  Timeout: 5e9,
  StartPeriod: 15e9,
  Retries: 3,
};

/** Of the base, with ours over it. An image that has its Node outside of PATH gets it in. */
function environment({ env, nodeFolder }: BaseImage): string[] {
  const variables = new Map(env.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  const folders = (variables.get("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  if (nodeFolder !== undefined && !folders.includes(nodeFolder)) folders.unshift(nodeFolder);
  variables.set("PATH", folders.join(":"));
  variables.set("NODE_ENV", "production");
  variables.set("PORT", "8080");
  variables.set("TENON_INTERNAL_PORT", "8081");
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

/** Docker's name for the same bytes, in bases that were made before the OCI formats. */
function ociLayerType({ mediaType }: Descriptor): string {
  return mediaType === "application/vnd.docker.image.rootfs.diff.tar.gzip"
    ? "application/vnd.oci.image.layer.v1.tar+gzip"
    : mediaType;
}

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
