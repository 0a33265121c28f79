// `packages.json` of a build: which packages each part of it is made of, for whoever takes it apart. Nothing reads it at run time.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const RECORD_FILE = "packages.json";

/** Packages are named by package URL, places are relative to the build. */
export interface PackageRecord {
  /** Of the engines' files. */
  readonly engines: readonly string[];
  /** Optional packages that the app has chosen, by name: others may ask for them at run time. */
  readonly chosen: readonly string[];
  readonly services: Readonly<Record<string, RecordedService>>;
  /** Place in `node_modules` -> package. */
  readonly places: Readonly<Record<string, string>>;
}

export interface RecordedService {
  readonly bundled: readonly string[];
  /** Places of what its bundle imports. */
  readonly imported: readonly string[];
  /** Places of all that have to be there. */
  readonly kept: readonly string[];
}

export async function writePackageRecord(buildDir: string, record: PackageRecord): Promise<void> {
  await writeFile(join(buildDir, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

export async function readPackageRecord(buildDir: string): Promise<PackageRecord> {
  return JSON.parse(await readFile(join(buildDir, RECORD_FILE), "utf8")) as PackageRecord;
}
