// Removes what processes that were killed have left in the folder of a bucket: files that were being received, drafts, parts of uploads that
// nobody completed.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { leftoverAgeMs } from "./object-folder.ts";

export const incomingFolder = ".incoming";
export const uploadsFolder = ".uploads";

/** Never fails: what cannot be removed now can be the next time. */
export async function sweepLeftovers(bucketFolder: string, nowMs: number): Promise<void> {
  const isDraft = (name: string) => name.startsWith(".draft-");
  await sweep(bucketFolder, isDraft, nowMs);
  await sweep(join(bucketFolder, incomingFolder), () => true, nowMs);
  await sweep(join(bucketFolder, uploadsFolder), () => true, nowMs);
}

async function sweep(folder: string, isMeant: (name: string) => boolean, nowMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isMeant)) {
    const path = join(folder, name);
    // The time of a folder is that of its last new file.
    const age = await stat(path).then(
      ({ mtimeMs }) => nowMs - mtimeMs,
      () => 0,
    );
    if (age > leftoverAgeMs) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
