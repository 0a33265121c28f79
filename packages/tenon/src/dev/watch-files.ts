// Tells which of an app's files changed, in batches: a watch says where to look, and an own picture of the folder says what happened,
// since the watch's events alone neither say that nor arrive once.
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { type FileChanges, PendingChanges } from "./file-changes.ts";
import { FolderWatch } from "./folder-watch.ts";

export interface FileWatcher {
  /** Something was touched that was not told yet. */
  readonly isSettling: boolean;
  close(): void;
}

/** Editors write in several steps (truncate, write, rename); a batch is what happened until this long nothing did. */
const settleMs = 15;
/** A file that never stops changing (a log, say) must not hold the others back for ever. */
const longestBatchMs = 150;
/** So long a file that is empty counts as one that is about to be written: a busy editor may rest between truncating and writing. */
const emptyFileMs = 250;

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
  /** Compared and not yet told. */
  readonly #batch = new PendingChanges();
  /** Since when the batch is held back for a file that is empty. */
  #heldSince: number | undefined;
  #isSettling = false;
  #closed = false;
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

  get isSettling(): boolean {
    return this.#isSettling;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watch.close();
  }

  #touch(path: string): void {
    const now = performance.now();
    if (this.#touched.size === 0) this.#firstTouchAt = now;
    this.#touched.add(path);
    this.#isSettling = true;
    this.#flushIn(Math.min(settleMs, Math.max(0, this.#firstTouchAt + longestBatchMs - now)));
  }

  #flushIn(waitMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#comparing = this.#comparing.then(() => this.#flush()).catch((error: Error) => this.#onError(error));
    }, waitMs);
  }

  async #flush(): Promise<void> {
    const paths = [...this.#touched];
    this.#touched.clear();
    const changes: FileChanges = { changed: [], created: [], deleted: [] };
    for (const path of paths) await this.#compare(path, changes);
    this.#batch.add(changes);
    this.#tell();
    this.#isSettling = this.#touched.size > 0 || !this.#batch.isEmpty;
  }

  /** Holds the batch back for a while when a file in it is empty. */
  #tell(): void {
    if (this.#batch.isEmpty) return;
    const batch = this.#batch.take();
    const now = performance.now();
    const isEmpty = (file: string): boolean => this.#stamps.get(file)?.startsWith("0:") === true;
    if ([...batch.changed, ...batch.created].some(isEmpty)) {
      this.#heldSince ??= now;
      const restMs = this.#heldSince + emptyFileMs - now;
      if (restMs > 0) {
        this.#batch.add(batch);
        // What is touched already has its own time, and is sooner.
        if (this.#touched.size === 0) this.#flushIn(restMs);
        return;
      }
    }
    this.#heldSince = undefined;
    this.#onChange(batch);
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
