// Watches what an app is made of: its folder, and the folders of packages beside it whose sources it imports, as they come and go.
import type { FileChanges } from "./file-changes.ts";
import { type FileWatcher, watchFiles } from "./watch-files.ts";

export class AppWatch {
  readonly #onChange: (changes: FileChanges) => void;
  readonly #onError: (error: Error) => void;
  /** By folder. */
  readonly #watchers = new Map<string, Promise<FileWatcher>>();
  readonly #watching: FileWatcher[] = [];
  #closed = false;

  constructor(onChange: (changes: FileChanges) => void, onError: (error: Error) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Edits were seen that were not told yet. */
  get isSettling(): boolean {
    return this.#watching.some((watcher) => watcher.isSettling);
  }

  /** Resolves when changes from now on are seen. */
  async watch(folders: readonly string[]): Promise<void> {
    if (this.#closed) return;
    await Promise.all(folders.map((folder) => this.#watcherOf(folder)));
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers.values()) void watcher.then((one) => one.close()).catch(() => {});
  }

  #watcherOf(folder: string): Promise<FileWatcher> {
    const known = this.#watchers.get(folder);
    if (known !== undefined) return known;
    const watcher = watchFiles(folder, this.#onChange, this.#onError).then((one) => {
      this.#watching.push(one);
      return one;
    });
    this.#watchers.set(folder, watcher);
    return watcher;
  }
}
