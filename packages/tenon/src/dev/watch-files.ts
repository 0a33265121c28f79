// Tells which of an app's files changed, in batches. Uses fs.watch (recursive, ready at once on Node 20) and an own picture of the
// folder, since events alone neither say what happened nor arrive once.
import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";

export interface FileChanges {
  /** Absolute paths, sorted. */
  readonly changed: string[];
  readonly created: string[];
  readonly deleted: string[];
}

export interface FileWatcher {
  close(): void;
}

/** Editors write in several steps (truncate, write, rename); a batch is what happened until this long nothing did. */
const settleMs = 15;

const ignoredFolders = new Set(["node_modules", ".tenon", "encore.gen", ".git", "dist"]);

function isIgnored(relativePath: string): boolean {
  return relativePath
    .split(sep)
    .some((part) => ignoredFolders.has(part) || part.endsWith("~") || part.startsWith(".#"));
}

/** Size and modification time; the same stamp means the same content, as far as a watcher can tell. */
type Stamps = Map<string, string>;

async function stampOf(file: string): Promise<string | undefined> {
  try {
    const info = await stat(file);
    return info.isFile() ? `${info.size}:${info.mtimeMs}` : undefined;
  } catch {
    return undefined;
  }
}

async function scan(folder: string, stamps: Stamps): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (isIgnored(entry.name)) return;
      if (entry.isDirectory()) return scan(path, stamps);
      const stamp = await stampOf(path);
      if (stamp !== undefined) stamps.set(path, stamp);
    }),
  );
}

/** Compares one path (file or folder, present or gone) with what was known about it. */
async function compare(path: string, stamps: Stamps, changes: FileChanges): Promise<void> {
  const now: Stamps = new Map();
  const own = await stampOf(path);
  if (own !== undefined) now.set(path, own);
  else await scan(path, now);
  for (const [file, stamp] of now) {
    const before = stamps.get(file);
    if (before === undefined) changes.created.push(file);
    else if (before !== stamp) changes.changed.push(file);
    stamps.set(file, stamp);
  }
  for (const file of stamps.keys()) {
    if ((file === path || file.startsWith(path + sep)) && !now.has(file)) {
      stamps.delete(file);
      changes.deleted.push(file);
    }
  }
}

/** Calls `onChange` with every batch of changes below `folder`, one batch after the other. */
export async function watchFiles(
  folder: string,
  onChange: (changes: FileChanges) => void,
  onError: (error: Error) => void,
): Promise<FileWatcher> {
  const stamps: Stamps = new Map();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let comparing = Promise.resolve();

  const flush = async (): Promise<void> => {
    const paths = [...touched];
    touched.clear();
    const changes: FileChanges = { changed: [], created: [], deleted: [] };
    for (const path of paths) await compare(path, stamps, changes);
    for (const list of Object.values(changes)) list.sort();
    if (changes.changed.length + changes.created.length + changes.deleted.length > 0) onChange(changes);
  };

  const watcher: FSWatcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || isIgnored(name)) return;
    touched.add(join(folder, name));
    clearTimeout(timer);
    timer = setTimeout(() => {
      comparing = comparing.then(flush).catch((error: Error) => onError(error));
    }, settleMs);
  });
  watcher.on("error", onError);
  comparing = scan(folder, stamps);
  await comparing;
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
