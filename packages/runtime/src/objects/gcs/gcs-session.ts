// A large upload to Google Cloud Storage: a session that takes the bytes in order, chunk by chunk, and says how many it has
// (https://cloud.google.com/storage/docs/performing-resumable-uploads). The object is there once the last of them is.
import { setTimeout as sleep } from "node:timers/promises";
import { ObjectsError } from "../errors.ts";
import type { StoreAnswer } from "../http/store-connection.ts";
import type { Asked } from "../http/store-failure.ts";
import type { PartBuffers } from "../http/part-buffers.ts";
import type { GcsObject } from "./gcs-attrs.ts";
import { requireJson, requireSuccess } from "./gcs-failure.ts";
import type { GcsSend, GcsUpload } from "./gcs-upload.ts";

/** A whole number of 256 KiB, as the store wants it of all chunks but the last. */
export const chunkBytes = 8 * 1024 * 1024;

const mostFailures = 4;
const firstPauseMs = 100;
const cancelingMs = 5_000;

interface Session {
  readonly send: GcsSend;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

/** The store has so many bytes of it, or it is the object. */
type Progress = { readonly keptBytes: number } | { readonly object: GcsObject };

export async function uploadInSession(
  send: GcsSend,
  upload: GcsUpload,
  first: Buffer,
  buffers: PartBuffers,
): Promise<GcsObject> {
  const session = await openSession(send, upload);
  try {
    let chunk = first;
    for (let start = 0; ; ) {
      const next = await buffers.next();
      const end = start + chunk.length;
      const object = await sendChunk(session, chunk, start, next.length === 0 ? end : undefined);
      if (object !== undefined) return object;
      buffers.giveBack(chunk);
      start = end;
      chunk = next;
    }
  } catch (error) {
    cancel(session);
    throw error;
  }
}

async function openSession(send: GcsSend, upload: GcsUpload): Promise<Session> {
  const { uploadPath, resource, condition, asked, signal } = upload;
  const request = {
    method: "POST",
    path: uploadPath,
    query: { uploadType: "resumable", ...condition },
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Buffer.from(JSON.stringify(resource)),
    signal,
  };
  const answer = await send(request, asked);
  await requireSuccess(answer, asked);
  answer.body.resume();
  const { location = "" } = answer.headers;
  if (!URL.canParse(location))
    throw new ObjectsError("objects_refused", { ...asked, reason: "it gave no address for the rest of the upload" });
  const { pathname, searchParams } = new URL(location);
  return { send, path: pathname, query: Object.fromEntries(searchParams), asked, signal };
}

/** undefined: the store has this chunk and waits for the next one. `totalBytes`: of the object, where this is the last chunk. */
async function sendChunk(
  session: Session,
  chunk: Buffer,
  start: number,
  totalBytes: number | undefined,
): Promise<GcsObject | undefined> {
  const { asked, signal } = session;
  let kept = 0;
  for (let failures = 0; ; ) {
    const progress = await put(session, chunk, { start, kept, totalBytes }).catch(async (error: unknown) => {
      signal?.throwIfAborted();
      if (!isPassing(error) || ++failures === mostFailures) throw error;
      await sleep(firstPauseMs * 2 ** failures, undefined, signal === undefined ? {} : { signal });
      // What arrived of it, the store has to say.
      return await put(session, chunk, { start, kept: chunk.length, totalBytes }).catch(() => ({
        keptBytes: start + kept,
      }));
    });
    if ("object" in progress) return progress.object;
    const before = kept;
    kept = progress.keptBytes - start;
    if (kept < 0 || kept > chunk.length)
      throw new ObjectsError("objects_unavailable", { ...asked, reason: "the store lost a part of the upload" });
    if (kept === chunk.length && totalBytes === undefined) return undefined;
    if (kept <= before && ++failures === mostFailures)
      throw new ObjectsError("objects_unavailable", { ...asked, reason: "the store takes no more of the upload" });
  }
}

interface Span {
  readonly start: number;
  /** So many of the chunk's bytes the store has; all: it is only asked. */
  readonly kept: number;
  readonly totalBytes: number | undefined;
}

async function put(session: Session, chunk: Buffer, { start, kept, totalBytes }: Span): Promise<Progress> {
  const { send, path, query, asked, signal } = session;
  const body = chunk.subarray(kept);
  const bytes = body.length === 0 ? "*" : `${start + kept}-${start + chunk.length - 1}`;
  const headers = { "content-range": `bytes ${bytes}/${totalBytes ?? "*"}` };
  const answer = await send({ method: "PUT", path, query, headers, body, attempts: 1, signal }, asked);
  if (answer.status === 404 || answer.status === 410) {
    answer.body.resume();
    throw new ObjectsError("objects_unavailable", { ...asked, reason: "the store has forgotten the upload" });
  }
  if (answer.status !== 308) return { object: await requireJson<GcsObject>(answer, asked) };
  answer.body.resume();
  return { keptBytes: keptBytesIn(answer) };
}

/** "bytes=0-524287"; without it, none. */
function keptBytesIn({ headers }: StoreAnswer): number {
  const last = /^bytes=0-(\d+)$/.exec(String(headers["range"] ?? ""))?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

function isPassing(error: unknown): boolean {
  return error instanceof ObjectsError && error.code === "objects_unavailable";
}

/** Tried once, and nobody waits for it: the store forgets sessions by itself after a week. */
function cancel({ send, path, query, asked }: Session): void {
  send({ method: "DELETE", path, query, attempts: 1, silenceMs: cancelingMs }, asked).then(
    ({ body }) => void body.resume(),
    () => {},
  );
}
