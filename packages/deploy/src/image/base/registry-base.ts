// A base image from a registry: its manifest for a platform, its configuration, and its layers as they are, fetched only where they are needed.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import { DeployError } from "../../deploy-error.ts";
import { type Blob, type Descriptor, digestOf } from "../blob.ts";
import type { BlobCache } from "../blob-cache.ts";
import type { Layer } from "../layer.ts";
import { type Platform, platformText } from "../platform.ts";
import { answerJson } from "../registry/answer-json.ts";
import { type ImageReference, pullPlace } from "../registry/image-reference.ts";
import type { Registry } from "../registry/registry.ts";
import { registryError } from "../registry/registry-error.ts";
import type { BaseImage } from "./base-image.ts";

const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

const downloadAttempts = 3;

interface Index {
  readonly manifests: readonly (Descriptor & {
    readonly platform?: { os: string; architecture: string; variant?: string };
  })[];
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface Config {
  readonly config?: {
    readonly Env?: string[];
    readonly Entrypoint?: string[];
    readonly Labels?: Record<string, string>;
  };
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history?: readonly object[];
}

interface Source {
  readonly registry: Registry;
  readonly repository: string;
  readonly cache: BlobCache;
}

/** As many as platforms, in their order. Throws DeployError `base_unusable` and those of registries. */
export async function registryBases(
  registry: Registry,
  reference: ImageReference,
  platforms: readonly Platform[],
  cache: BlobCache,
): Promise<BaseImage[]> {
  const { repository } = pullPlace(reference);
  const source = { registry, repository, cache };
  const wanted = reference.digest ?? reference.tag ?? "latest";
  const name = `${registry.name}/${repository}`;
  const root = await getManifest(source, wanted);
  const bases: BaseImage[] = [];
  for (const platform of platforms) {
    const { manifest, digest } = await manifestFor(source, root, platform, `${name}:${wanted}`);
    const labels = {
      "org.opencontainers.image.base.name": nameOf(name, reference),
      "org.opencontainers.image.base.digest": digest,
    };
    bases.push(await baseOf(source, manifest, platform, labels));
  }
  return bases;
}

function nameOf(name: string, { tag, digest }: ImageReference): string {
  return tag !== undefined || digest === undefined ? `${name}:${tag ?? "latest"}` : `${name}@${digest}`;
}

interface Fetched {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: unknown;
}

async function getManifest({ registry, repository }: Source, reference: string): Promise<Fetched> {
  const what = `the base image ${registry.name}/${repository}:${reference} was not found`;
  const answer = await registry.request({
    method: "GET",
    url: `/v2/${repository}/manifests/${reference}`,
    scopes: [`repository:${repository}:pull`],
    headers: { accept: [...indexTypes, ...manifestTypes].join(", ") },
  });
  if (answer.statusCode !== 200) throw await registryError(answer, what);
  const { bytes, content } = await answerJson(answer, registry.name);
  const digest = digestOf(bytes);
  if (reference.startsWith("sha256:")) expectDigest(reference, digest, registry);
  const { mediaType } = content as { mediaType?: string };
  return { mediaType: mediaType ?? answer.headers["content-type"] ?? "", digest, content };
}

async function manifestFor(source: Source, root: Fetched, platform: Platform, name: string) {
  if (!indexTypes.includes(root.mediaType)) return { manifest: root.content as Manifest, digest: root.digest };
  const { manifests } = root.content as Index;
  const found = manifests.find(
    ({ platform: other }) =>
      other?.os === platform.os &&
      other.architecture === platform.architecture &&
      (platform.variant === undefined || other.variant === platform.variant),
  );
  if (found === undefined) {
    const known = manifests.flatMap(({ platform: other }) =>
      other === undefined || other.os === "unknown" ? [] : [`${other.os}/${other.architecture}`],
    );
    throw new DeployError(
      "base_unusable",
      `the base image ${name} is not there for ${platformText(platform)}`,
      `It is there for ${[...new Set(known)].join(", ")}.`,
    );
  }
  const { content, digest } = await getManifest(source, found.digest);
  return { manifest: content as Manifest, digest };
}

async function baseOf(
  source: Source,
  manifest: Manifest,
  platform: Platform,
  labels: Record<string, string>,
): Promise<BaseImage> {
  const { config = {}, rootfs, history = [], ...own } = await configOf(source, manifest.config);
  const { os, architecture } = own as { os?: string; architecture?: string };
  if (os !== platform.os || architecture !== platform.architecture) {
    throw new DeployError(
      "base_unusable",
      `the base image ${labels["org.opencontainers.image.base.name"]} is for ${os}/${architecture}, not for ${platformText(platform)}`,
      "Name the platform it is for with --platform, or another base with --base.",
    );
  }
  const program = config.Entrypoint?.[0];
  const folder = program !== undefined && /^\/.*\/node$/.test(program) ? program.slice(0, -"/node".length) : undefined;
  return {
    platform,
    layers: manifest.layers.map(
      (descriptor, index): Layer => ({ blob: remoteBlob(source, descriptor), diffId: rootfs.diff_ids[index]! }),
    ),
    history,
    env: config.Env ?? [],
    labels: { ...config.Labels, ...labels },
    ...(folder === undefined ? {} : { nodeFolder: folder }),
  };
}

async function configOf(source: Source, descriptor: Descriptor): Promise<Config> {
  const { registry, repository } = source;
  const answer = await getBlob(source, descriptor);
  const { bytes, content } = await answerJson(answer, registry.name);
  expectDigest(descriptor.digest, digestOf(bytes), registry);
  const config = content as Config;
  if (Array.isArray(config.rootfs?.diff_ids)) return config;
  throw new DeployError(
    "base_unusable",
    `${registry.name}/${repository} is no image of a file system`,
    "Name an image that containers are started from with --base.",
  );
}

function remoteBlob(source: Source, descriptor: Descriptor): Blob {
  const { registry, repository, cache } = source;
  return {
    descriptor,
    origin: { registry: registry.name, repository },
    async load() {
      const kept = await cache.find(descriptor.digest);
      return { file: kept ?? (await cache.keep(descriptor.digest, (file) => download(source, descriptor, file))) };
    },
  };
}

/** A connection that breaks in the middle is worth further attempts; each begins anew. */
async function download(source: Source, descriptor: Descriptor, file: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await downloadOnce(source, descriptor, file);
    } catch (error) {
      if (error instanceof DeployError) throw error;
      if (attempt < downloadAttempts) continue;
      throw new DeployError(
        "registry_unreachable",
        `${source.registry.name} broke off ${descriptor.digest}: ${(error as Error).message}`,
        "Try again; layers that were fetched are kept.",
      );
    }
  }
}

async function downloadOnce(source: Source, descriptor: Descriptor, file: string): Promise<void> {
  const answer = await getBlob(source, descriptor);
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(answer, hashed, createWriteStream(file));
  expectDigest(descriptor.digest, `sha256:${hash.digest("hex")}`, source.registry);
}

async function getBlob({ registry, repository }: Source, { digest }: Descriptor) {
  const url = `/v2/${repository}/blobs/${digest}`;
  const answer = await registry.request({ method: "GET", url, scopes: [`repository:${repository}:pull`] });
  if (answer.statusCode === 200) return answer;
  throw await registryError(answer, `${digest} of the base image was not fetched`);
}

function expectDigest(wanted: string, got: string, { name }: Registry): void {
  if (wanted === got) return;
  throw new DeployError(
    "registry_refused",
    `what ${name} gave for ${wanted} is ${got}`,
    "The answer was changed on the way, or the registry is damaged; try again, and over https.",
  );
}
