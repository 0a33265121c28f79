// Says which paths below a folder were touched, leaving ignored folders out altogether. Where the system itself can watch a tree (macOS,
// Windows) one watch does; elsewhere every folder gets its own, because Node's emulation there would watch each single file, also
// those in node_modules: thousands of watches and a quarter of a second before anything else can run.
import { type FSWatcher, watch } from "node:fs";
import { join, sep } from "node:path";

export interface FolderWatchOptions {
  readonly root: string;
  /** By name of a file or folder, wherever it is. */
  isIgnored(name: string): boolean;
  /** An absolute path; what happened to it has to be looked at. */
  onTouched(path: string): void;
  onError(error: Error): void;
}

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #isTree = process.platform === "darwin" || process.platform === "win32";

  constructor(options: FolderWatchOptions) {
    this.#options = options;
    if (this.#isTree) this.#watch(options.root, true);
  }

  /** Call before reading the folder, so that nothing falls between reading and watching. */
  cover(folder: string): void {
    if (!this.#isTree && !this.#watchers.has(folder)) this.#watch(folder, false);
  }

  /** The path is gone or something else now: whoever covers it again gets a watch of what is there then. */
  uncover(path: string): void {
    if (this.#isTree) return;
    for (const [folder, watcher] of this.#watchers) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
  }

  #watch(folder: string, recursive: boolean): void {
    try {
      const watcher = watch(folder, { recursive }, (_event, name) => {
        if (name !== null && !name.split(sep).some((part) => this.#options.isIgnored(part)))
          this.#options.onTouched(join(folder, name));
      });
      watcher.on("error", (error) => this.#failed(error));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  /** A folder that was removed a moment ago is no failure: its parent tells. */
  #failed(error: NodeJS.ErrnoException): void {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR" && error.code !== "EPERM") this.#options.onError(error);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}
