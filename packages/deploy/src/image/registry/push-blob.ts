// Puts one blob into a repository: looks whether it is there, asks for it from a neighbour, and else uploads it, at once or, where the registry
// takes no bodies of that size, in chunks.
import type { IncomingMessage } from "node:http";
import { DeployError } from "../../deploy-error.ts";
import type { Blob, BlobContent } from "../blob.ts";
import { readAnswer } from "./http-exchange.ts";
import type { Registry } from "./registry.ts";
import { registryError } from "./registry-error.ts";

/** At most this much at once for registries behind proxies that limit bodies. */
const chunkBytes = 16 * 1024 * 1024;
/** Each in a session of its own: what a broken one holds is not known. */
const uploadAttempts = 3;

interface Target {
  readonly registry: Registry;
  readonly repository: string;
  readonly blob: Blob;
}

/** Whether bytes had to be sent. `known`: blob -> repository of this registry that has it. Throws DeployError. */
export async function pushBlob(
  registry: Registry,
  repository: string,
  blob: Blob,
  known: ReadonlyMap<string, string>,
): Promise<boolean> {
  const target = { registry, repository, blob };
  if (await hasBlob(target)) return false;
  const { origin, descriptor } = blob;
  const neighbour = origin?.registry === registry.name ? origin.repository : known.get(descriptor.digest);
  const first = await openUpload(target, neighbour === repository ? undefined : neighbour);
  if (first === undefined) return false;
  const content = await blob.load();
  let session: URL | undefined = first;
  for (let attempt = 1; session !== undefined; attempt += 1) {
    const answer = await sendAll(target, session, content, attempt < uploadAttempts);
    if (answer?.statusCode === 201) {
      await readAnswer(answer);
      return true;
    }
    if (answer?.statusCode === 413 && descriptor.size > chunkBytes) {
      answer.resume();
      await sendInChunks(target, content);
      return true;
    }
    if (answer !== undefined && ((answer.statusCode ?? 0) < 500 || attempt >= uploadAttempts))
      throw await refused(target, answer);
    answer?.resume();
    session = await openUpload(target, undefined);
  }
  return true;
}

function scopeOf({ repository }: Target): string {
  return `repository:${repository}:pull,push`;
}

async function hasBlob(target: Target): Promise<boolean> {
  const url = `/v2/${target.repository}/blobs/${target.blob.descriptor.digest}`;
  const answer = await target.registry.request({ method: "HEAD", url, scopes: [scopeOf(target)] });
  await readAnswer(answer);
  return answer.statusCode === 200;
}

/** Where to send it; undefined: the registry took it from the neighbour. */
async function openUpload(target: Target, neighbour: string | undefined): Promise<URL | undefined> {
  const { registry, repository, blob } = target;
  const mount =
    neighbour === undefined ? "" : `?${new URLSearchParams({ mount: blob.descriptor.digest, from: neighbour })}`;
  const answer = await registry.request({
    method: "POST",
    url: `/v2/${repository}/blobs/uploads/${mount}`,
    scopes: [scopeOf(target), ...(neighbour === undefined ? [] : [`repository:${neighbour}:pull`])],
  });
  const { location } = answer.headers;
  const isMounted = answer.statusCode === 201;
  if (!isMounted && (answer.statusCode !== 202 || location === undefined)) throw await refused(target, answer);
  await readAnswer(answer);
  return isMounted ? undefined : new URL(location!, registry.address);
}

/** undefined: there was no answer, and another attempt may be made. */
async function sendAll(
  target: Target,
  session: URL,
  content: BlobContent,
  mayFail: boolean,
): Promise<IncomingMessage | undefined> {
  try {
    return await finishUpload(target, session, { content, start: 0, end: target.blob.descriptor.size });
  } catch (error) {
    if (mayFail && error instanceof DeployError && error.code === "registry_unreachable") return undefined;
    throw error;
  }
}

async function sendInChunks(target: Target, content: BlobContent): Promise<void> {
  const { registry, blob } = target;
  const { size } = blob.descriptor;
  let session = await openUpload(target, undefined);
  for (let start = 0; start < size && session !== undefined; start += chunkBytes) {
    const end = Math.min(start + chunkBytes, size);
    const answer = await registry.request({
      method: "PATCH",
      url: session,
      scopes: [scopeOf(target)],
      headers: { "content-type": "application/octet-stream", "content-range": `${start}-${end - 1}` },
      body: { content, start, end },
      isOnce: true,
    });
    if (answer.statusCode !== 202) throw await refused(target, answer);
    await readAnswer(answer);
    session = new URL(answer.headers.location ?? session, registry.address);
  }
  if (session === undefined) return;
  const answer = await finishUpload(target, session, { content, start: size, end: size });
  if (answer.statusCode !== 201) throw await refused(target, answer);
  await readAnswer(answer);
}

async function finishUpload(
  target: Target,
  session: URL,
  body: { content: BlobContent; start: number; end: number },
): Promise<IncomingMessage> {
  const url = new URL(session);
  url.searchParams.set("digest", target.blob.descriptor.digest);
  const headers = { "content-type": "application/octet-stream" };
  return target.registry.request({ method: "PUT", url, scopes: [scopeOf(target)], headers, body, isOnce: true });
}

function refused({ registry, repository, blob }: Target, answer: IncomingMessage): Promise<DeployError> {
  return registryError(answer, `${blob.descriptor.digest} was not pushed to ${registry.name}/${repository}`);
}
