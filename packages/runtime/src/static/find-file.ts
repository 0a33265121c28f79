// From the path of a request to a file of the folder, and to no other: no way up, nothing hidden, no link that leads out.
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/** Never part of a name that is served: separators and ends of names on some system, drives and streams on Windows. */
const FORBIDDEN = process.platform === "win32" ? /[\0\\:]/ : /[\0\\]/;

/** What a path can fail with that means no more than that it leads to no file. */
const NO_FILE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES", "EPERM"]);

export interface OpenFile {
  /** Absolute, with links resolved. */
  readonly path: string;
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Changes whenever the file does, as far as the file system tells. */
  readonly version: string;
}

export type Finding = { readonly kind: "file"; readonly file: OpenFile } | { readonly kind: "folder" | "nothing" };

/**
 * The segments of a path below the folder, percent-decoded before; null for one that no file may have. Names that start with a dot are
 * hidden, but for `.well-known` (RFC 8615). A last "" stands for the folder itself.
 */
export function segmentsOf(rest: string): readonly string[] | null {
  const segments = rest.split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "" && index < segments.length - 1) return null;
    if (FORBIDDEN.test(segment)) return null;
    if (segment.startsWith(".") && segment !== ".well-known") return null;
  }
  return segments;
}

/** `root` is absolute with links resolved. */
export async function findFile(root: string, segments: readonly string[]): Promise<Finding> {
  try {
    const path = await realpath(join(root, ...segments));
    if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) return { kind: "nothing" };
    return await openFile(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Windows does not open folders as other systems do.
    if (code === "EISDIR") return { kind: "folder" };
    if (NO_FILE.has(code)) return { kind: "nothing" };
    throw error;
  }
}

/** Throws what the file system does. Whoever gets a file closes its handle. */
export async function openFile(path: string): Promise<Finding> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile()) {
    const { size, mtimeMs, mtimeNs, ino } = stats;
    const version = `${size.toString(36)}-${mtimeNs.toString(36)}-${ino.toString(36)}`;
    return {
      kind: "file",
      file: { path, handle, sizeBytes: Number(size), modifiedMs: Number(mtimeMs), version },
    };
  }
  await handle.close();
  return { kind: stats.isDirectory() ? "folder" : "nothing" };
}
