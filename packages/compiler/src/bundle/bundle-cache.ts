// Remembers, also across restarts, from which bytes each bundle was made, so that a service is bundled again only when one moved.
import { stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { createFileHashes, type FileHashes, hashOf } from "../emit/files/file-hashes.ts";
import { createTextCache, type MadeText } from "../emit/files/text-cache.ts";
import type { ServiceBundle } from "./bundle-service.ts";

/** Known without the code of the bundle being read. */
export interface KnownBundle {
  /** `BundleText` as JSON. */
  readonly text: MadeText;
  /** Imports of the framework as the user wrote them. */
  readonly specifiers: readonly string[];
}

export type BundleText = Pick<ServiceBundle, "code" | "map">;

interface Source {
  readonly entry: string;
  /** File relative to the app's folder -> content hash and hash of its folder's names. */
  readonly inputs: Readonly<Record<string, readonly [content: string, neighbours: string]>>;
  readonly specifiers: readonly string[];
}

export interface BundleCache {
  /** The bundle made earlier from the same entry and the same files; null when any moved. `make` gives a lost one once more. */
  find(
    service: string,
    entry: string,
    hashes: FileHashes,
    make: () => Promise<ServiceBundle>,
  ): Promise<KnownBundle | null>;
  /** `startedAt`: epoch milliseconds from before the bundling. */
  put(service: string, entry: string, bundle: ServiceBundle, startedAt: number): Promise<KnownBundle>;
  save(): Promise<void>;
}

/** `settingsKey` stands for everything else that a bundle depends on. */
export function createBundleCache(appDir: string, cacheDir: string, settingsKey: string): BundleCache {
  const texts = createTextCache<Source>(cacheDir, settingsKey);
  return {
    async find(service, entry, hashes, make) {
      const source = await texts.sourceOf(service);
      if (source === null || source.entry !== hashOf(entry)) return null;
      for (const [file, [content, neighbours]] of Object.entries(source.inputs)) {
        const path = resolve(appDir, file);
        if ((await hashes.file(path)) !== content || (await hashes.neighbours(path)) !== neighbours) return null;
      }
      const text = await texts.find(service, async () => textOf(await make()));
      return { text, specifiers: source.specifiers };
    },
    async put(service, entry, { code, map, inputs, specifiers }, startedAt) {
      // A file saved while it was being bundled may have been read before; no hash would vouch for the bundle then.
      const isCertain = !(await savedSince(inputs, startedAt));
      const hashes = createFileHashes();
      const known: Record<string, [string, string]> = {};
      for (const file of inputs) {
        const shown = relative(appDir, file).split(sep).join("/");
        known[shown] = [await hashes.file(file), await hashes.neighbours(file)];
      }
      const source = { entry: isCertain ? hashOf(entry) : "", inputs: known, specifiers };
      return { text: await texts.put(service, source, textOf({ code, map })), specifiers };
    },
    save: () => texts.save(),
  };
}

function textOf({ code, map }: BundleText): string {
  return JSON.stringify({ code, map });
}

async function savedSince(files: readonly string[], time: number): Promise<boolean> {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => Number.POSITIVE_INFINITY,
      ),
    ),
  );
  return times.some((mtimeMs) => mtimeMs >= time);
}
