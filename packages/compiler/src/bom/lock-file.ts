// The hashes of packages' archives, from the lock file of whichever package manager the app uses: npm, pnpm or Yarn 1. Later versions of Yarn
// hash archives of their own making, which nobody else can compare.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { asObject } from "../app/read-jsonc.ts";

export interface Integrities {
  /** "sha512-<base64>"; undefined: no lock file says. */
  of(folder: string, name: string, version: string): string | undefined;
}

export const noIntegrities: Integrities = { of: () => undefined };

/** Of the nearest lock file at or above the app's folder. */
export function readIntegrities(appDir: string): Integrities {
  for (let dir = realpathSync(appDir); ; dir = dirname(dir)) {
    const found = npmLock(dir) ?? pnpmLock(dir) ?? yarnLock(dir);
    if (found !== undefined) return found;
    if (dirname(dir) === dir) return noIntegrities;
  }
}

/** By the folder it is installed in, else any of that name and version. */
function npmLock(dir: string): Integrities | undefined {
  const text = readText(join(dir, "package-lock.json")) ?? readText(join(dir, "npm-shrinkwrap.json"));
  if (text === undefined) return undefined;
  const byFolder = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const [place, value] of Object.entries(asObject(asObject(parse(text))?.["packages"]) ?? {})) {
    const { version, integrity, name } = asObject(value) ?? {};
    if (typeof integrity !== "string" || typeof version !== "string") continue;
    byFolder.set(`${place}@${version}`, integrity);
    const shown = typeof name === "string" ? name : place.slice(place.lastIndexOf("node_modules/") + 13);
    if (!byName.has(`${shown}@${version}`)) byName.set(`${shown}@${version}`, integrity);
  }
  return {
    of: (folder, name, version) =>
      byFolder.get(`${relative(dir, folder).split(sep).join("/")}@${version}`) ?? byName.get(`${name}@${version}`),
  };
}

/** Version 6 writes "/name@version(peers):", version 9 "name@version:". */
function pnpmLock(dir: string): Integrities | undefined {
  const text = readText(join(dir, "pnpm-lock.yaml"));
  if (text === undefined) return undefined;
  const entry = /^ {2}'?\/?((?:@[^@/\s]+\/)?[^@/\s]+@[^:(\s']+)[^\n]*:\n {4}resolution: \{integrity: ([^,}\s]+)/gm;
  return byNameAndVersion(text.matchAll(entry));
}

function yarnLock(dir: string): Integrities | undefined {
  const text = readText(join(dir, "yarn.lock"));
  if (text === undefined) return undefined;
  const entry =
    /^"?((?:@[^@/\s]+\/)?[^@/\s"]+)@[^\n]*:\n {2}version "([^"]+)"\n(?: {2}resolved [^\n]*\n)? {2}integrity (\S+)/gm;
  const found = [...text.matchAll(entry)].map(([all, name, version, integrity]) => [
    all,
    `${name}@${version}`,
    integrity!,
  ]);
  return byNameAndVersion(found);
}

function byNameAndVersion(matches: Iterable<readonly (string | undefined)[]>): Integrities {
  const known = new Map([...matches].map(([, key, integrity]) => [key, integrity]));
  return { of: (_folder, name, version) => known.get(`${name}@${version}`) };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
