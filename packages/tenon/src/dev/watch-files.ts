// Tells which of an app's files changed, in batches: a watch says where to look, and an own picture of the folder says what happened,
// since the watch's events alone neither say that nor arrive once.
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { FileChanges } from "./file-changes.ts";
import { FolderWatch } from "./folder-watch.ts";

export interface FileWatcher {
  close(): void;
}

/** Editors write in several steps (truncate, write, rename); a batch is what happened until this long nothing did. */
const settleMs = 15;
/** A file that never stops changing (a log, say) must not hold the others back for ever. */
const longestBatchMs = 150;

const ignoredFolders = new Set(["node_modules", ".tenon", "encore.gen", ".git", "dist"]);

function isIgnored(name: string): boolean {
  return ignoredFolders.has(name) || name.endsWith("~") || name.startsWith(".#");
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

/** Calls `onChange` with every batch of changes below `folder`, one batch after the other. */
export async function watchFiles(
  folder: string,
  onChange: (changes: FileChanges) => void,
  onError: (error: Error) => void,
): Promise<FileWatcher> {
  const picture = new Picture(folder, onChange, onError);
  await picture.take();
  return picture;
}

class Picture implements FileWatcher {
  readonly #folder: string;
  readonly #onChange: (changes: FileChanges) => void;
  readonly #onError: (error: Error) => void;
  readonly #watch: FolderWatch;
  readonly #stamps: Stamps = new Map();
  readonly #touched = new Set<string>();
  #firstTouchAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #comparing: Promise<void> = Promise.resolve();

  constructor(folder: string, onChange: (changes: FileChanges) => void, onError: (error: Error) => void) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#watch = new FolderWatch({ root: folder, isIgnored, onTouched: (path) => this.#touch(path), onError });
  }

  /** What the folder is like now; changes are counted from here. */
  take(): Promise<void> {
    this.#comparing = this.#scan(this.#folder, this.#stamps);
    return this.#comparing;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watch.close();
  }

  #touch(path: string): void {
    const now = performance.now();
    if (this.#touched.size === 0) this.#firstTouchAt = now;
    this.#touched.add(path);
    clearTimeout(this.#timer);
    const waitMs = Math.min(settleMs, Math.max(0, this.#firstTouchAt + longestBatchMs - now));
    this.#timer = setTimeout(() => {
      this.#comparing = this.#comparing.then(() => this.#flush()).catch((error: Error) => this.#onError(error));
    }, waitMs);
  }

  async #flush(): Promise<void> {
    const paths = [...this.#touched];
    this.#touched.clear();
    const changes: FileChanges = { changed: [], created: [], deleted: [] };
    for (const path of paths) await this.#compare(path, changes);
    for (const list of Object.values(changes)) list.sort();
    if (changes.changed.length + changes.created.length + changes.deleted.length > 0) this.#onChange(changes);
  }

  async #scan(folder: string, stamps: Stamps): Promise<void> {
    this.#watch.cover(folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const path = join(folder, entry.name);
        if (isIgnored(entry.name)) return;
        if (entry.isDirectory()) return this.#scan(path, stamps);
        const stamp = await stampOf(path);
        if (stamp !== undefined) stamps.set(path, stamp);
      }),
    );
  }

  /** Compares one path (file or folder, present or gone) with what was known about it. */
  async #compare(path: string, changes: FileChanges): Promise<void> {
    const now: Stamps = new Map();
    const own = await stampOf(path);
    this.#watch.uncover(path);
    if (own !== undefined) now.set(path, own);
    else if (await isFolder(path)) await this.#scan(path, now);
    for (const [file, stamp] of now) {
      const before = this.#stamps.get(file);
      if (before === undefined) changes.created.push(file);
      else if (before !== stamp) changes.changed.push(file);
      this.#stamps.set(file, stamp);
    }
    for (const file of this.#stamps.keys()) {
      if ((file === path || file.startsWith(path + sep)) && !now.has(file)) {
        this.#stamps.delete(file);
        changes.deleted.push(file);
      }
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
