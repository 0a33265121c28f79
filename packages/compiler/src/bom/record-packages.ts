// Writes into a build what it is made of: its bill of materials, and the record of which part holds which packages.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chosenPackages, installedFolder, neededBy } from "../bundle/installed-package.ts";
import { packageRootOf } from "../bundle/package-root.ts";
import { writePackageRecord } from "../bundle/package-record.ts";
import type { PlacedPackages } from "../bundle/place-packages.ts";
import { BILL_FILE, billOfMaterials, billText, type Needs } from "./bill-of-materials.ts";
import { noIntegrities, readIntegrities } from "./lock-file.ts";
import { type PackageFacts, packageFacts } from "./package-facts.ts";

export interface MadeOf {
  readonly appDir: string;
  readonly buildDir: string;
  /** Its id. */
  readonly app: string;
  readonly packages: PlacedPackages;
  /** Absolute paths of the modules in `runtime/`, and of those in the engines' files. */
  readonly runtime: readonly string[];
  readonly engineModules: readonly string[];
}

export async function recordPackages({
  appDir,
  buildDir,
  app,
  packages,
  runtime,
  engineModules,
}: MadeOf): Promise<void> {
  const facts = factsReader(appDir);
  const purls = (folders: Iterable<string>) =>
    [...new Set([...folders].flatMap((folder) => facts.of(folder)?.purl ?? []))].sort();
  await writePackageRecord(buildDir, {
    engines: purls(rootsOf(engineModules)),
    chosen: chosenPackages(appDir).sort(),
    services: Object.fromEntries(
      Object.entries(packages.services).map(([service, own]) => [service, { ...own, bundled: purls(own.bundled) }]),
    ),
    places: Object.fromEntries(
      [...packages.places].map(([place, folder]) => [place, facts.of(folder)?.purl ?? ""] as const).sort(),
    ),
  });
  for (const root of rootsOf(runtime)) facts.of(root);
  await writeFile(join(buildDir, BILL_FILE), billText(billOfMaterials(app, facts.known(), facts.needs())));
}

/** Package URLs of the packages that modules are part of. */
export function purlsOf(modules: readonly string[]): string[] {
  return rootsOf(modules).flatMap((root) => packageFacts(root, noIntegrities)?.purl ?? []);
}

function rootsOf(modules: readonly string[]): string[] {
  return [...new Set(modules.flatMap((file) => packageRootOf(file) ?? []))];
}

/** Reads each package once, and remembers all that were asked for. The app itself is none of its packages. */
function factsReader(appDir: string) {
  const integrities = readIntegrities(appDir);
  const known = new Map<string, PackageFacts | null>();
  return {
    of(folder: string): PackageFacts | null {
      if (`${appDir}/`.startsWith(`${folder}/`)) return null;
      const before = known.get(folder);
      if (before !== undefined) return before;
      const facts = packageFacts(folder, integrities);
      known.set(folder, facts);
      return facts;
    },
    known: (): PackageFacts[] => [...known.values()].filter((facts) => facts !== null),
    needs(): Needs {
      const chosen = chosenPackages(appDir);
      const purls = (folders: readonly (string | null)[]) =>
        folders.flatMap((folder) => (folder === null ? [] : (known.get(folder)?.purl ?? [])));
      const needs = new Map([["", purls(chosen.map((name) => installedFolder(name, appDir)))]]);
      for (const [folder, facts] of known) {
        if (facts === null) continue;
        // Several copies of one version may find others differently.
        const before = needs.get(facts.purl) ?? [];
        needs.set(facts.purl, [...before, ...purls(neededBy(folder, new Set(chosen)))]);
      }
      return needs;
    },
  };
}
