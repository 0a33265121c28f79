// Finds the folder of an app. A file of its own, because commands that need no compiler ask for it too.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { appFileNames } from "../aliases.ts";

/** The nearest folder upwards with an app file, else the nearest with a package.json, else `startDir` itself. */
export function findAppDir(startDir: string): string {
  const start = resolve(startDir);
  return nearest(start, appFileNames) ?? nearest(start, ["package.json"]) ?? start;
}

function nearest(startDir: string, names: readonly string[]): string | null {
  for (let dir = startDir; ; dir = dirname(dir)) {
    if (names.some((name) => existsSync(join(dir, name)))) return dir;
    if (dirname(dir) === dir) return null;
  }
}
