// Gives a run of tests a data folder for its database server that no other run uses at the same time.
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface ClaimedFolder {
  /** Absolute. */
  readonly dir: string;
  release(): Promise<void>;
}

/** The first free one of `postgres-1`, `postgres-2`, ... below `parent`, so that runs one after the other find their templates again. */
export async function claimFolder(parent: string): Promise<ClaimedFolder> {
  await mkdir(parent, { recursive: true });
  for (let number = 1; ; number++) {
    const dir = join(parent, `postgres-${number}`);
    const lock = `${dir}.lock`;
    if (await tryLock(lock)) return { dir, release: () => rm(lock, { force: true }) };
  }
}

/** The lock appears with its content, in one step; one whose process is gone is taken over. */
async function tryLock(lock: string): Promise<boolean> {
  const own = `${lock}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    if (await isFree(lock)) await rm(lock, { force: true });
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function isFree(lock: string): Promise<boolean> {
  const text = await readFile(lock, "utf8").catch(() => null);
  if (text === null) return true;
  try {
    process.kill(Number(text), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EPERM";
  }
}
