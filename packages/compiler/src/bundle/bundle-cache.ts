// Remembers, also across restarts, from which bytes each bundle was made, so that a service is bundled again only when one moved.
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { asObject } from "../app/read-jsonc.ts";
import { type FileHashes, hashOf } from "../emit/files/file-hashes.ts";
import { readIfExists } from "../emit/files/write-if-changed.ts";
import type { ServiceBundle } from "./bundle-service.ts";

interface Entry {
  readonly entry: string;
  /** File relative to the app's folder -> content hash and hash of its folder's names. */
  readonly inputs: Readonly<Record<string, readonly [content: string, neighbours: string]>>;
  readonly bundle: ServiceBundle;
}

export interface BundleCache {
  /** The bundle made earlier from the same entry and the same files; null when any of them moved. */
  find(service: string, entry: string, hashes: FileHashes): Promise<ServiceBundle | null>;
  /** `startedAt`: epoch milliseconds from before the bundling. */
  put(service: string, entry: string, bundle: ServiceBundle, hashes: FileHashes, startedAt: number): Promise<void>;
}

/** `settingsKey` stands for everything else that a bundle depends on; each service is one file of `cacheDir`. */
export function createBundleCache(appDir: string, cacheDir: string, settingsKey: string): BundleCache {
  const entries = new Map<string, Entry | null>();
  const cacheFile = (service: string) => join(cacheDir, `${service}.json`);

  async function load(service: string): Promise<Entry | null> {
    const stored = parseStored(await readIfExists(cacheFile(service)));
    return stored?.settingsKey === settingsKey ? stored.entry : null;
  }

  return {
    async find(service, entry, hashes) {
      if (!entries.has(service)) entries.set(service, await load(service));
      const known = entries.get(service);
      if (known == null || known.entry !== hashOf(entry)) return null;
      for (const [file, [content, neighbours]] of Object.entries(known.inputs)) {
        const path = resolve(appDir, file);
        if ((await hashes.file(path)) !== content || (await hashes.neighbours(path)) !== neighbours) return null;
      }
      return known.bundle;
    },
    async put(service, entry, bundle, hashes, startedAt) {
      // A file saved while it was being bundled may have been read before; its hash would vouch for a bundle without the edit.
      if (await savedSince(bundle.inputs, startedAt)) return;
      const inputs: Record<string, [string, string]> = {};
      for (const file of bundle.inputs) {
        const shown = relative(appDir, file).split(sep).join("/");
        inputs[shown] = [await hashes.file(file), await hashes.neighbours(file)];
      }
      const made: Entry = { entry: hashOf(entry), inputs, bundle };
      entries.set(service, made);
      await mkdir(dirname(cacheFile(service)), { recursive: true });
      await writeFile(cacheFile(service), JSON.stringify({ settingsKey, entry: made }));
    },
  };
}

async function savedSince(files: readonly string[], time: number): Promise<boolean> {
  for (const file of files) {
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs >= time) return true;
  }
  return false;
}

/** A cache file that was cut off or comes from another version is as good as none. */
function parseStored(text: string | null): { settingsKey: unknown; entry: Entry } | null {
  if (text === null) return null;
  try {
    const stored = asObject(JSON.parse(text));
    const entry = asObject(stored?.["entry"]);
    if (stored === null || entry === null) return null;
    return { settingsKey: stored["settingsKey"], entry: entry as unknown as Entry };
  } catch {
    return null;
  }
}
