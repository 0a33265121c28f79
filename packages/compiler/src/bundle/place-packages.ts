// Copies the packages that stayed folders into a build, as a `node_modules` of its own, and lets the bundles import them from there.
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type Arrangement, arrangePackages } from "./arrange-packages.ts";
import { chosenPackages, packageFolderOf } from "./installed-package.ts";
import { filesIn, packagesIn, withPlaces } from "./kept-specifier.ts";

/** Nothing reads these at run time: declarations, maps, and what native code was made of. */
const unread = /\.(?:d\.[cm]?ts|[cm]?js\.map|d\.[cm]?ts\.map|c|cc|cpp|cxx|h|hpp|o|obj|a|gyp|gypi)$/;
/** What node-gyp leaves behind beside the addon; some of it names folders of this machine. */
const leftByCompiler =
  /[\\/]build[\\/](?:.*[\\/])?(?:[\w.]*Makefile|[\w.]+\.(?:mk|d|stamp|intermediate)|node_gyp_bins|\.deps|obj|obj\.target)$/;

/** What one service has of packages; places are relative to the build. */
export interface ServicePackages {
  /** Absolute folders of those whose code is in its bundle. */
  readonly bundled: readonly string[];
  /** Those that the bundle imports, and all that have to be there. */
  readonly imported: readonly string[];
  readonly kept: readonly string[];
}

export interface PlacedPackages {
  readonly places: Arrangement;
  readonly services: Readonly<Record<string, ServicePackages>>;
}

export async function placePackages(appDir: string, buildDir: string): Promise<PlacedPackages> {
  const services = join(buildDir, "services");
  const names = (await readdir(services)).filter((name) => name.endsWith(".js")).sort();
  const bundles = await Promise.all(
    names.map(async (name) => {
      const code = await readFile(join(services, name), "utf8");
      const imported = sortedSet(filesIn(code).map((file) => packageFolderOf(file)!));
      return { name, code, imported, ...packagesIn(code) };
    }),
  );
  const imported = sortedSet(bundles.flatMap((bundle) => bundle.imported));
  const folders = sortedSet(bundles.flatMap(({ kept }) => kept));
  const places = arrangePackages(imported, folders, new Set(chosenPackages(appDir)));
  await copyPackages(places, buildDir);
  const placeOf = placesByFolder(places);
  const specifierOf = (file: string) => specifierIn(placeOf, file);
  for (const { name, code } of bundles) await writeFile(join(services, name), withPlaces(code, specifierOf));
  const placesOf = (all: readonly string[]) => all.flatMap((folder) => placeOf.get(folder) ?? []);
  return {
    places,
    services: Object.fromEntries(
      bundles.map(({ name, bundled, imported: own, kept }) => [
        name.slice(0, -".js".length),
        { bundled, imported: placesOf(own), kept: placesOf(kept) },
      ]),
    ),
  };
}

/** Folder -> where a bundle finds it: those that bundles import were placed first. */
export function placesByFolder(places: Arrangement): ReadonlyMap<string, string> {
  const placeOf = new Map<string, string>();
  for (const [place, folder] of places) if (!placeOf.has(folder)) placeOf.set(folder, place);
  return placeOf;
}

export async function copyPackages(places: Arrangement, buildDir: string): Promise<void> {
  for (const [place, folder] of places) await copyPackage(folder, join(buildDir, place));
}

/** Bundles lie in `services/`, beside `node_modules/`. */
function specifierIn(placeOf: ReadonlyMap<string, string>, file: string): string {
  const folder = packageFolderOf(file)!;
  return `../${placeOf.get(folder)}/${relative(folder, file).split(sep).join("/")}`;
}

async function copyPackage(folder: string, target: string): Promise<void> {
  await cp(folder, target, {
    recursive: true,
    dereference: true,
    // What it needs has places of its own.
    filter: (file) =>
      file === folder || (basename(file) !== "node_modules" && !unread.test(file) && !leftByCompiler.test(file)),
  });
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
