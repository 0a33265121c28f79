// Puts a plan of files on disk.
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";
import type { PlannedFile } from "./plan-files.ts";
import { RECORD_FILE, recordText } from "./record.ts";

/** `files`: all that the target gave, whatever the plan does with them. */
export async function writeFiles(
  dir: string,
  target: string,
  files: readonly GeneratedFile[],
  plan: readonly PlannedFile[],
): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const { path, action, file } of plan) {
    if (action === "remove") await rm(join(dir, path));
    if (file === undefined) continue;
    if (action === "create" || action === "update") await writeOne(join(dir, path), file);
    if (action === "beside") await writeOne(join(dir, `${path}.new`), file);
  }
  await writeFile(join(dir, RECORD_FILE), recordText(target, files));
}

async function writeOne(path: string, { text, isExecutable }: GeneratedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, isExecutable === true ? 0o755 : 0o644);
}
