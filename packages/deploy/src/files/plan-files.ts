// What writing generated files into a folder would do, file by file. A file that a person has changed is never written over: where Tenon has
// nothing new for it, it stays; where it has, the new one is put beside it as `<path>.new`.
import { join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";
import { hashOf, readRecord, readText } from "./record.ts";

export type FileAction =
  | "create"
  | "update"
  /** The same already. */
  | "leave"
  /** The user's own, or changed by them while Tenon has nothing new for it. */
  | "keep"
  /** Changed by the user, and Tenon has something new: it goes beside. */
  | "beside"
  /** Made before, no longer needed, and nobody has changed it. */
  | "remove"
  /** Made before, no longer needed, but changed by the user. */
  | "orphan";

export interface PlannedFile {
  readonly path: string;
  readonly action: FileAction;
  /** On disk now. */
  readonly before: string | undefined;
  /** undefined: it is no longer made. */
  readonly file: GeneratedFile | undefined;
}

/** Sorted by path. */
export async function planFiles(dir: string, files: readonly GeneratedFile[]): Promise<PlannedFile[]> {
  const made = (await readRecord(dir))?.files ?? {};
  const planned = files.map(async (file): Promise<PlannedFile> => {
    const before = await readText(join(dir, file.path));
    return { path: file.path, action: actionFor(file, before, made[file.path]), before, file };
  });
  const gone = Object.keys(made)
    .filter((path) => !files.some((file) => file.path === path))
    .map(async (path): Promise<PlannedFile[]> => {
      const before = await readText(join(dir, path));
      if (before === undefined) return [];
      return [{ path, action: hashOf(before) === made[path] ? "remove" : "orphan", before, file: undefined }];
    });
  const all = [...(await Promise.all(planned)), ...(await Promise.all(gone)).flat()];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `made`: hash of what Tenon wrote there last. */
function actionFor(file: GeneratedFile, before: string | undefined, made: string | undefined): FileAction {
  if (before === undefined) return "create";
  if (before === file.text) return "leave";
  if (file.isUsers === true) return "keep";
  if (hashOf(before) === made) return "update";
  return hashOf(file.text) === made ? "keep" : "beside";
}
