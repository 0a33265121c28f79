// The images that a command line asks for: planned, made of the build or of parts of it, written and pushed.
import { rm } from "node:fs/promises";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutBuild } from "@tenon/compiler";
import {
  createBlobCache,
  createRegistry,
  DeployError,
  deriveDeployment,
  hostPlatform,
  type Image,
  makeImage,
  openBases,
  parseImageReference,
  parsePlatform,
  type PlannedImage,
  planServicesImage,
  planUnitImages,
  planWholeImage,
  type PushedImage,
  pushImage,
  readPlacement,
  type Registry,
  writeArchive,
  writeLayout,
} from "@tenon/deploy";
import type { Graph } from "@tenon/model";
import { cacheFolder } from "../engines/postgres/cache-folder.ts";
import { createdAt, unitImageLabels, wholeImageLabels } from "./image-labels.ts";

export interface ImageRequest {
  readonly appDir: string;
  readonly buildDir: string;
  readonly base: string;
  readonly node: string | undefined;
  /** Empty: that of this machine. */
  readonly platforms: readonly string[];
  readonly imagePrefix: string | undefined;
  readonly tag: string;
  readonly isPerUnit: boolean;
  /** "name=value". */
  readonly labels: readonly string[];
  readonly services: readonly string[] | undefined;
  /** As it stands in tenon.json. */
  readonly placement: unknown;
  /** A file ending in .tar, or a folder; undefined: nothing is written. */
  readonly output: string | undefined;
  readonly isPushed: boolean;
  readonly isInsecure: boolean;
}

export interface MadeImage {
  readonly image: Image;
  readonly pushed: PushedImage | undefined;
}

/** All are made before the first is pushed. Throws DeployError. */
export async function* makeImages(request: ImageRequest): AsyncGenerator<MadeImage> {
  const planned = planImages(request, JSON.parse(await readFile(join(request.buildDir, "app.json"), "utf8")) as Graph);
  if (request.isPushed) for (const { name } of planned) registryOf(name);
  const registry = registries(request.isInsecure);
  const cacheDir = cacheFolder("images");
  const cache = createBlobCache(cacheDir);
  const platforms = request.platforms.length === 0 ? [hostPlatform()] : request.platforms.map(parsePlatform);
  const bases = await openBases({ ...request, platforms, cache, cacheDir, registry });
  const images: Image[] = [];
  for (const one of planned) {
    images.push(
      await withBuildOf(request, one, (buildDir) => makeImage(inputOf(request, one, buildDir), bases, cache)),
    );
  }
  const { output } = request;
  if (output !== undefined) await (output.endsWith(".tar") ? writeArchive : writeLayout)(output, images);
  const known = new Map<string, string>();
  for (const image of images)
    yield { image, pushed: request.isPushed ? await push(registry, image, known) : undefined };
}

function planImages({ imagePrefix: prefix, tag, isPerUnit, services, placement }: ImageRequest, graph: Graph) {
  const deployment = deriveDeployment(graph, isPerUnit ? readPlacement(placement) : "single");
  if (isPerUnit) return planUnitImages(deployment, { prefix, tag });
  if (services === undefined) return [planWholeImage(deployment, { prefix, tag })];
  const all = graph.services.map(({ name }) => name);
  const unknown = services.find((name) => !all.includes(name));
  if (unknown === undefined) return [planServicesImage(deployment, services, { prefix, tag })];
  throw new DeployError("setting_invalid", `the build has no service "${unknown}"`, `It has ${all.join(", ")}.`);
}

function inputOf(request: ImageRequest, { name, part, arguments: args }: PlannedImage, buildDir: string) {
  const title = parseImageReference(name).repository.split("/").at(-1)!;
  const labels =
    part === undefined ? wholeImageLabels(title, request, request.labels) : unitImageLabels(title, request.labels);
  const created = createdAt(process.env);
  return { name, buildDir, arguments: args, labels, ...(created === undefined ? {} : { created }) };
}

/** Gives the folder with what is to be in the image, which is there as long as `use` runs. */
async function withBuildOf<T>(
  { buildDir }: ImageRequest,
  { part }: PlannedImage,
  use: (buildDir: string) => Promise<T>,
): Promise<T> {
  if (part === undefined) return use(buildDir);
  const folder = await mkdtemp(join(tmpdir(), "tenon-image-"));
  try {
    const outDir = join(folder, "build");
    await cutBuild({ buildDir, outDir, services: part.services, gateway: part.isGateway });
    return await use(outDir);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One client for each, so that a token is asked for once. */
function registries(isInsecure: boolean): (name: string) => Registry {
  const opened = new Map<string, Registry>();
  return (name) => {
    const registry = opened.get(name) ?? createRegistry({ name, isInsecure, environment: process.env });
    opened.set(name, registry);
    return registry;
  };
}

async function push(
  registry: (name: string) => Registry,
  image: Image,
  known: Map<string, string>,
): Promise<PushedImage> {
  const { repository, tag } = parseImageReference(image.name);
  return pushImage(registry(registryOf(image.name)), repository, tag!, image, known);
}

/** Docker Hub must be named too: an image that somebody forgot the registry of must not become public there. */
function registryOf(name: string): string {
  const { registry } = parseImageReference(name);
  if (registry !== undefined) return registry;
  throw new DeployError(
    "image_reference_invalid",
    `${name} can't be pushed: its name begins with no registry`,
    "Give one: --image-prefix ghcr.io/acme (Docker Hub is docker.io/acme).",
  );
}
