// Puts an image into a registry: blobs first, then manifests, then the name. What is there already is not sent again, and what a neighbouring
// repository has is taken over from it.
import { DeployError } from "../../deploy-error.ts";
import type { Blob } from "../blob.ts";
import { bytesOf } from "../blob.ts";
import type { Image } from "../image.ts";
import { readAnswer } from "./http-exchange.ts";
import type { Registry } from "./registry.ts";
import { registryError } from "./registry-error.ts";
import { pushBlob } from "./push-blob.ts";

export interface PushedImage {
  readonly digest: string;
  /** What had to be sent. */
  readonly sentBytes: number;
}

/** Throws DeployError `registry_refused`, `registry_unauthorized`, `registry_unreachable`. */
export async function pushImage(
  registry: Registry,
  repository: string,
  tag: string,
  image: Image,
  /** Blob -> repository of this registry that has it; grows with every push. */
  known: Map<string, string>,
): Promise<PushedImage> {
  let sentBytes = 0;
  for (const { config, layers } of image.variants) {
    for (const blob of [...layers, config]) {
      if (await pushBlob(registry, repository, blob, known)) sentBytes += blob.descriptor.size;
      known.set(blob.descriptor.digest, repository);
    }
  }
  const { digest } = image.root.descriptor;
  for (const { manifest } of image.variants) {
    if (manifest.descriptor.digest !== digest)
      await putManifest(registry, repository, manifest.descriptor.digest, manifest);
  }
  await putManifest(registry, repository, tag, image.root);
  return { digest, sentBytes };
}

async function putManifest(registry: Registry, repository: string, reference: string, manifest: Blob): Promise<void> {
  const { mediaType, digest } = manifest.descriptor;
  const bytes = await bytesOf(await manifest.load());
  const what = `${registry.name}/${repository}:${reference} was not pushed`;
  const answer = await registry.request({
    method: "PUT",
    url: `/v2/${repository}/manifests/${reference}`,
    scopes: [`repository:${repository}:pull,push`],
    headers: { "content-type": mediaType },
    body: { content: { bytes }, start: 0, end: bytes.length },
  });
  if (answer.statusCode !== 201 && answer.statusCode !== 200) throw await registryError(answer, what);
  await readAnswer(answer);
  const stored = answer.headers["docker-content-digest"];
  if (stored === undefined || stored === digest) return;
  throw new DeployError(
    "registry_refused",
    `${what} as it is: the registry has it as ${String(stored)}, not as ${digest}`,
    "It rewrites manifests; use one that keeps them.",
  );
}
