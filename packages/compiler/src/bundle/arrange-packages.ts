// Where in a build's `node_modules` each package comes to lie, so that everyone finds the very package it found where it was installed.
import { posix } from "node:path";
import { neededBy, packageName } from "./installed-package.ts";

/** Place relative to the build ("node_modules/a/node_modules/b") -> folder of the installed package. */
export type Arrangement = ReadonlyMap<string, string>;

/**
 * `imported`: folders that the bundles name. `others`: all that have to be there besides. `offered`: see neededBy. Each list in order,
 * so that the same packages are arranged alike every time.
 */
export function arrangePackages(
  imported: readonly string[],
  others: readonly string[],
  offered: ReadonlySet<string>,
): Arrangement {
  const places = new Map<string, string>();
  imported.forEach((folder, index) => {
    const top = `node_modules/${packageName(folder)}`;
    // Two versions of one package are imported: the second is reached by nobody but the bundles.
    places.set(places.has(top) ? `node_modules/.versions/${index}/${top}` : top, folder);
  });
  // A map may grow while it is walked. All that one package needs is placed before those are looked at: what is put below it is seen
  // by them first.
  for (const [place, folder] of places) {
    for (const needed of neededBy(folder, offered)) putWithinReach(places, place, needed);
  }
  for (const folder of others) {
    const top = `node_modules/${packageName(folder)}`;
    if (!places.has(top)) places.set(top, folder);
  }
  return places;
}

function putWithinReach(places: Map<string, string>, from: string, folder: string): void {
  const name = packageName(folder);
  const found = visiblePlace(places, from, name);
  if (found !== undefined && places.get(found) === folder) return;
  const top = `node_modules/${name}`;
  places.set(places.has(top) ? `${from}/node_modules/${name}` : top, folder);
}

/** As Node looks: in the `node_modules` of the package itself, and of every folder above. */
function visiblePlace(places: ReadonlyMap<string, string>, from: string, name: string): string | undefined {
  for (let dir = from; ; dir = posix.dirname(dir)) {
    const place = dir === "." ? `node_modules/${name}` : `${dir}/node_modules/${name}`;
    if (posix.basename(dir) !== "node_modules" && places.has(place)) return place;
    if (dir === ".") return undefined;
  }
}
