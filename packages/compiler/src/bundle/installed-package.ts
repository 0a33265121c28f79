// An installed package as a folder: which one a file belongs to, and which others it may ask for at run time.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { asObject } from "../app/read-jsonc.ts";
import { findPackage } from "../app/locate-tenon.ts";

/** The folder of the package that an installed file is part of; null for a file that is not installed. */
export function packageFolderOf(file: string): string | null {
  // A client that Prisma generates into node_modules is a package one level deeper than its name says.
  const match = /^.*[\\/]node_modules[\\/](?:(?:@[^\\/]+|\.prisma)[\\/])?[^\\/]+/.exec(file);
  return match?.[0] ?? null;
}

/** Folders of the packages that this one needs, symlinks resolved. `offered`: names of optional ones that the app has chosen. */
export function neededBy(folder: string, offered: ReadonlySet<string>): string[] {
  const manifest = readManifest(folder);
  const optional = asObject(manifest["peerDependenciesMeta"]) ?? {};
  const names = new Set([
    ...namesIn(manifest["dependencies"]),
    ...namesIn(manifest["optionalDependencies"]),
    ...namesIn(manifest["peerDependencies"]).filter((name) => !(name in optional)),
    ...Object.keys(optional).filter((name) => offered.has(name)),
  ]);
  return [...names]
    .filter((name) => !installers.has(name))
    .flatMap((name) => installedFolder(name, folder) ?? [])
    .sort();
}

/** Native packages depend on these for their install scripts and load none of them. */
const installers: ReadonlySet<string> = new Set([
  "cmake-js",
  "nan",
  "node-addon-api",
  "node-gyp",
  "prebuild-install",
  "prebuildify",
]);

/** Names of the packages that the nearest package.json asks for at run time. */
export function chosenPackages(appDir: string): string[] {
  for (let dir = appDir; ; dir = dirname(dir)) {
    const manifest = readManifest(dir);
    const names = [...namesIn(manifest["dependencies"]), ...namesIn(manifest["optionalDependencies"])];
    if (Object.keys(manifest).length > 0 || dirname(dir) === dir) return names;
  }
}

/** Where Node finds a package from a folder, symlinks resolved; null: nowhere, or it has nothing but types. */
export function installedFolder(name: string, fromDir: string): string | null {
  if (name.startsWith("@types/")) return null;
  const found = findPackage(name, fromDir);
  return found === null ? null : realpathSync(found);
}

export function packageName(folder: string): string {
  return /[\\/]node_modules[\\/]((?:(?:@[^\\/]+|\.prisma)[\\/])?[^\\/]+)$/.exec(folder)![1]!.replace("\\", "/");
}

function readManifest(dir: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))) ?? {};
  } catch {
    return {};
  }
}

function namesIn(dependencies: unknown): string[] {
  return Object.keys(asObject(dependencies) ?? {});
}
