// Content hashes of files, each read once per build.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

export function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export interface FileHashes {
  /** "" for a file that is not there. */
  file(path: string): Promise<string>;
  /** Of the names in the folder of a file: a new neighbour can change what an import without an ending means. */
  neighbours(path: string): Promise<string>;
}

/** `knownHash`: what is known of a file without reading it. */
export function createFileHashes(knownHash: (path: string) => string | null = () => null): FileHashes {
  const files = new Map<string, Promise<string>>();
  const folders = new Map<string, Promise<string>>();
  return {
    file: (path) => remembered(files, path, async () => knownHash(path) ?? hashOf(await readFile(path))),
    neighbours: (path) =>
      remembered(folders, dirname(path), () => readdir(dirname(path)).then((names) => hashOf(names.sort().join("\0")))),
  };
}

function remembered(known: Map<string, Promise<string>>, key: string, compute: () => Promise<string>): Promise<string> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const hash = compute().catch(() => "");
  known.set(key, hash);
  return hash;
}
