// Bytes on their way into the store: a file that nobody looks at until all of them are there and safe. What a killed process leaves of it is
// removed by `sweepLeftovers`.
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeAll } from "./durable-files.ts";

/** Small chunks are written together. */
const gatherBytes = 256 * 1024;

export interface ReceivedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly md5: string;
}

/** Throws what `source` or the file system throws, and leaves nothing then. */
export async function receiveFile(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<ReceivedFile> {
  await makeFolder(folder);
  const path = join(folder, randomUUID());
  const handle = await open(path, "wx");
  try {
    const written = await writeChunks(handle, source, signal);
    await handle.sync();
    await handle.close();
    return { path, ...written };
  } catch (error) {
    await handle.close().catch(() => {});
    await discardFile(path);
    throw error;
  }
}

async function writeChunks(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Omit<ReceivedFile, "path">> {
  const md5 = createHash("md5");
  const gathered = Buffer.alloc(gatherBytes);
  let filled = 0;
  let sizeBytes = 0;
  const flush = async () => {
    await writeAll(handle, gathered.subarray(0, filled));
    filled = 0;
  };
  for await (const chunk of source) {
    signal?.throwIfAborted();
    md5.update(chunk);
    sizeBytes += chunk.length;
    if (filled + chunk.length > gatherBytes) await flush();
    if (chunk.length >= gatherBytes) await writeAll(handle, chunk);
    else {
      gathered.set(chunk, filled);
      filled += chunk.length;
    }
  }
  signal?.throwIfAborted();
  await flush();
  return { sizeBytes, md5: md5.digest("hex") };
}

/** Gives the file its place. */
export async function placeFile(path: string, target: string): Promise<void> {
  await rename(path, target);
}

export async function discardFile(path: string): Promise<void> {
  await unlink(path).catch(() => {});
}
