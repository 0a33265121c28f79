// How the tools that write migrations lay out their folders: which entries are migrations, and with which number.
import { stat } from "node:fs/promises";
import { join } from "node:path";

/** Absent: files `<number>_<name>.up.sql`, with `.down.sql` files beside them that are left alone. */
export type MigrationSource = "prisma" | "drizzle" | "drizzle/v1";

export interface MigrationFile {
  /** Relative to the folder of migrations, with a forward slash: "20260101120000_init/migration.sql". */
  readonly name: string;
  readonly number: bigint;
}

/** One file of a folder: a migration, one whose name cannot be right, or nothing to do with migrations (null). */
export type ClassifiedEntry = MigrationFile | { readonly wrongName: string } | null;

const upFile = /^(\d{1,18})_.+\.up\.sql$/;
const plainFile = /^(\d{1,18})_.+\.sql$/;
const folderName = /^(\d{1,18})_/;
const fileInFolder = "migration.sql";

export async function classifyEntry(
  folder: string,
  entry: string,
  source: MigrationSource | undefined,
): Promise<ClassifiedEntry> {
  if (source === "prisma" || source === "drizzle/v1") return classifyFolder(folder, entry);
  if (!entry.endsWith(".sql")) return null;
  if (source === undefined && entry.endsWith(".down.sql")) return null;
  return numbered(entry, (source === undefined ? upFile : plainFile).exec(entry));
}

/** A folder for each migration; files beside them (`migration_lock.toml`, `meta`) are the tool's own. */
async function classifyFolder(folder: string, entry: string): Promise<ClassifiedEntry> {
  const name = `${entry}/${fileInFolder}`;
  const isMigration = await stat(join(folder, entry, fileInFolder)).then(
    (info) => info.isFile(),
    () => false,
  );
  return isMigration ? numbered(name, folderName.exec(entry)) : null;
}

function numbered(name: string, match: RegExpExecArray | null): ClassifiedEntry {
  return match === null ? { wrongName: name } : { name, number: BigInt(match[1]!) };
}
