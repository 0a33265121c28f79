// Makes the shared-library links of the embedded PostgreSQL package, which its authors leave to an install script that never runs for us.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { cacheFolder } from "./cache-folder.ts";

interface LibraryLink {
  /** Both relative to the package's folder. */
  readonly source: string;
  readonly target: string;
}

/**
 * Links in place; where the package is read-only, in a folder of the user's cache.
 * Returns the environment that the programs need to find their libraries.
 */
export function linkLibraries(packageFolder: string): NodeJS.ProcessEnv {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return {};
  const links = JSON.parse(readFileSync(list, "utf8")) as LibraryLink[];
  const missing = links.filter((link) => !isPresent(join(packageFolder, link.target)));
  try {
    for (const link of missing) {
      const target = join(packageFolder, link.target);
      makeLink(relative(dirname(target), join(packageFolder, link.source)), target);
    }
    return {};
  } catch (error) {
    if (!["EACCES", "EROFS", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return linkInCache(packageFolder, links);
  }
}

function linkInCache(packageFolder: string, links: readonly LibraryLink[]): NodeJS.ProcessEnv {
  const key = createHash("sha256").update(packageFolder).digest("hex").slice(0, 16);
  const folder = cacheFolder("postgres", `libraries-${key}`);
  mkdirSync(folder, { recursive: true });
  const libraries = join(packageFolder, "native", "lib");
  // Every library, not only those with a link: the loader does not go on to the package's folder for the rest.
  for (const name of readdirSync(libraries)) makeLink(join(libraries, name), join(folder, name));
  for (const link of links) makeLink(join(packageFolder, link.source), join(folder, basename(link.target)));
  return process.platform === "darwin" ? { DYLD_LIBRARY_PATH: folder } : { LD_LIBRARY_PATH: folder };
}

function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another process that starts at the same time makes the same links.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
