// A production build as layers of an image, below /app: what changes with Tenon's version, what changes with installed packages, and the
// app's own code last, so that a push after an edit carries little.
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { DeployError } from "../deploy-error.ts";
import type { BlobCache } from "./blob-cache.ts";
import { type Layer, makeLayer } from "./layer.ts";
import type { TarEntry } from "./tar/tar-entries.ts";

/** In the order in which they lie on each other. */
type Part = "runtime" | "packages" | "code";

const titles: Readonly<Record<Part, string>> = {
  runtime: "tenon image: runtime",
  packages: "tenon image: packages",
  code: "tenon image: services",
};

/** Throws DeployError `image_content_invalid`. */
export async function buildLayers(buildDir: string, cache?: BlobCache): Promise<Layer[]> {
  const parts: Record<Part, TarEntry[]> = { runtime: [], packages: [], code: [] };
  for (const entry of await entriesOf(buildDir)) parts[partOf(entry.path)].push(placed(entry));
  const layers: Layer[] = [];
  for (const part of ["runtime", "packages", "code"] as const) {
    if (parts[part].length === 0) continue;
    // Code is new at every build; what is kept of it would never be asked for again.
    layers.push(await makeLayer(parts[part], titles[part], part === "code" ? undefined : cache));
  }
  return layers;
}

function partOf(path: string): Part {
  if (path.startsWith("node_modules/")) return "packages";
  return path.startsWith("runtime/") || path === "main.js" || path === "package.json" ? "runtime" : "code";
}

function placed(entry: TarEntry): TarEntry {
  return { ...entry, path: `app/${entry.path}` };
}

/** Files and links of a folder and all below it; folders come into being by what is in them. */
async function entriesOf(folder: string, below = ""): Promise<TarEntry[]> {
  const names = (await readdir(join(folder, below))).sort();
  const found = await Promise.all(
    names.map(async (name): Promise<TarEntry[]> => {
      const path = below === "" ? name : `${below}/${name}`;
      const file = join(folder, path);
      if (name.startsWith(".wh.")) throw invalid(file, "images give names that begin with .wh. a meaning of their own");
      const found = await lstat(file);
      if (found.isDirectory()) return entriesOf(folder, path);
      if (found.isSymbolicLink()) return [{ kind: "link", path, target: await linkTarget(file) }];
      if (!found.isFile()) throw invalid(file, "it is neither a file, nor a folder, nor a link");
      // Whether its owner may run it; on Windows nothing is.
      return [{ kind: "file", path, bytes: await readFile(file), isExecutable: (found.mode & 0o100) !== 0 }];
    }),
  );
  return found.flat();
}

async function linkTarget(file: string): Promise<string> {
  const target = await readlink(file);
  if (isAbsolute(target)) throw invalid(file, `it is a link to ${target}, which is a place of this machine`);
  return target.replaceAll("\\", "/");
}

function invalid(file: string, why: string): DeployError {
  return new DeployError(
    "image_content_invalid",
    `${file} can't go into an image: ${why}`,
    "Remove it, or name it otherwise.",
  );
}
