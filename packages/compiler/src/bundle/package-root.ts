// The package that a file is part of, installed or linked: the nearest folder above it whose package.json has a name and a version. The
// manifests in between, which only say what kind of modules there are, have neither.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { asObject } from "../app/read-jsonc.ts";

/** null: it is in none. */
export function packageRootOf(file: string): string | null {
  const dir = dirname(file);
  const known = roots.get(dir);
  if (known !== undefined) return known;
  const root = isPackage(dir) ? dir : dirname(dir) === dir ? null : packageRootOf(dir);
  roots.set(dir, root);
  return root;
}

/** Of folders that were asked about; packages do not move while a build is made. */
const roots = new Map<string, string | null>();

function isPackage(dir: string): boolean {
  try {
    const manifest = asObject(JSON.parse(readFileSync(join(dir, "package.json"), "utf8")));
    return typeof manifest?.["name"] === "string" && typeof manifest["version"] === "string";
  } catch {
    return false;
  }
}
