// Copies the packages that stayed folders into a build, as a `node_modules` of its own, and lets the bundles import them from there.
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { type Arrangement, arrangePackages } from "./arrange-packages.ts";
import { chosenPackages, packageFolderOf } from "./installed-package.ts";
import { filesIn, foldersIn, withPlaces } from "./kept-specifier.ts";

/** Nothing reads these at run time. */
const unread = /\.(?:d\.[cm]?ts|[cm]?js\.map|d\.[cm]?ts\.map)$/;

export async function placePackages(appDir: string, buildDir: string): Promise<void> {
  const services = join(buildDir, "services");
  const names = (await readdir(services)).filter((name) => name.endsWith(".js"));
  const bundles = await Promise.all(
    names.map(async (name) => ({ name, code: await readFile(join(services, name), "utf8") })),
  );
  const folders = sortedSet(bundles.flatMap(({ code }) => foldersIn(code)));
  if (folders.length === 0) return;
  const imported = sortedSet(bundles.flatMap(({ code }) => filesIn(code)).map((file) => packageFolderOf(file)!));
  const places = arrangePackages(imported, folders, new Set(chosenPackages(appDir)));
  for (const [place, folder] of places) await copyPackage(folder, join(buildDir, place));
  const specifierOf = specifiersIn(places);
  for (const { name, code } of bundles) await writeFile(join(services, name), withPlaces(code, specifierOf));
}

/** Bundles lie in `services/`, beside `node_modules/`. */
function specifiersIn(places: Arrangement): (file: string) => string {
  const placeOf = new Map<string, string>();
  // Those that bundles import were placed first.
  for (const [place, folder] of places) if (!placeOf.has(folder)) placeOf.set(folder, place);
  return (file) => {
    const folder = packageFolderOf(file)!;
    return `../${placeOf.get(folder)}/${relative(folder, file).split(sep).join("/")}`;
  };
}

async function copyPackage(folder: string, target: string): Promise<void> {
  await cp(folder, target, {
    recursive: true,
    dereference: true,
    // What it needs has places of its own.
    filter: (file) => file === folder || (basename(file) !== "node_modules" && !unread.test(file)),
  });
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
