// The packages of a unit that stayed folders: arranged anew for its services alone, since where each lies depends on all that are there.
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Graph } from "@tenon/model";
import { arrangePackages } from "../bundle/arrange-packages.ts";
import { readPackageRecord } from "../bundle/package-record.ts";
import { copyPackages, placesByFolder } from "../bundle/place-packages.ts";

/** Gives the package URLs of all that the unit is made of, but for the runtime. The bundles are in `outDir` already. */
export async function cutPackages(graph: Graph, buildDir: string, outDir: string): Promise<string[]> {
  const record = await readPackageRecord(buildDir);
  const unit = graph.app.unit!;
  const own = unit.services.map((name) => record.services[name]!);
  const folders = (places: readonly string[]) => [...new Set(places)].sort().map((place) => join(buildDir, place));
  const imported = folders(own.flatMap((service) => service.imported));
  const kept = folders(own.flatMap((service) => service.kept));
  const arrangement = arrangePackages(imported, kept, new Set(record.chosen));
  await copyPackages(arrangement, outDir);
  const placeOf = placesByFolder(arrangement);
  const placeIn = (folder: string) => relative(buildDir, folder).split(sep).join("/");
  const moved = new Map(
    imported
      .map((folder) => [placeIn(folder), placeOf.get(folder)!] as const)
      .filter(([before, after]) => before !== after),
  );
  for (const name of unit.services) await renameImports(join(outDir, "services", `${name}.js`), moved);
  const places = [...arrangement.values()].map(placeIn);
  const hasEngines = (graph.topics ?? []).length > 0;
  return [
    ...(hasEngines ? record.engines : []),
    ...own.flatMap(({ bundled }) => bundled),
    ...places.flatMap((place) => record.places[place] ?? []),
  ];
}

/** Another version of a package has its place in the whole build. */
async function renameImports(file: string, moved: ReadonlyMap<string, string>): Promise<void> {
  if (moved.size === 0) return;
  const code = await readFile(file, "utf8");
  const next = code.replace(/"\.\.\/(node_modules\/[^"\\\n]+)"/g, (quoted, path: string) => {
    const before = [...moved.keys()].find((place) => path.startsWith(`${place}/`));
    return before === undefined ? quoted : `"../${moved.get(before)}${path.slice(before.length)}"`;
  });
  if (next !== code) await writeFile(file, next);
}
