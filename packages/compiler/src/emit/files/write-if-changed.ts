// Writes generated files without disturbing anybody: untouched when the bytes are the same, otherwise replaced in one step.
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

let serial = 0;

export type WriteOutcome = "unchanged" | "changed" | "created";

/** A reader sees the old content or the new one, never a part. */
export async function writeIfChanged(file: string, content: string): Promise<WriteOutcome> {
  const before = await readIfExists(file);
  if (before === content) return "unchanged";
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}-${serial++}.tmp`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return before === null ? "created" : "changed";
}

/** null when there is no such file. */
export async function readIfExists(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}
