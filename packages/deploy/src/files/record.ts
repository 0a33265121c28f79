// `.tenon-deploy.json` in an output folder: which files Tenon made there and what they were, so that what a person has changed since is told
// from what is only old. Plain text, to be committed with the files.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";

export const RECORD_FILE = ".tenon-deploy.json";

export interface FilesRecord {
  readonly version: 1;
  readonly target: string;
  /** Path -> SHA-256 of what was written, in hex. */
  readonly files: Readonly<Record<string, string>>;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** undefined: nothing was made there, or the record does not say. */
export async function readRecord(dir: string): Promise<FilesRecord | undefined> {
  const text = await readText(join(dir, RECORD_FILE));
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as FilesRecord;
    return record.version === 1 && typeof record.files === "object" ? record : undefined;
  } catch {
    return undefined;
  }
}

export function recordText(target: string, files: readonly GeneratedFile[]): string {
  const hashes = files
    .filter(({ isUsers }) => isUsers !== true)
    .map(({ path, text }) => [path, hashOf(text)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ version: 1, target, files: Object.fromEntries(hashes) }, null, 2)}\n`;
}

/** undefined: there is no such file. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
