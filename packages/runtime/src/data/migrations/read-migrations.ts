// Reads a folder of migrations, in the order of their numbers.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MigrationError } from "../errors.ts";
import { classifyEntry, type MigrationSource } from "./migration-layout.ts";

export interface Migration {
  /** "1_create_users.up.sql", "20260101120000_init/migration.sql" */
  readonly name: string;
  readonly number: bigint;
  readonly sql: string;
  /** SHA-256 in hex; the same however the lines end. */
  readonly hash: string;
}

export async function readMigrations(folder: string, database: string, source?: MigrationSource): Promise<Migration[]> {
  const entries = await listFolder(folder, database);
  const classified = await Promise.all(entries.map((entry) => classifyEntry(folder, entry, source)));
  const wrong = classified.flatMap((one) => (one !== null && "wrongName" in one ? [one.wrongName] : []));
  if (wrong.length > 0) {
    throw new MigrationError("migration_name_invalid", database, wrong.map((name) => join(folder, name)).join(", "), {
      place: { file: join(folder, wrong[0]!) },
    });
  }
  const byNumber = new Map<bigint, string>();
  for (const one of classified) {
    if (one === null || "wrongName" in one) continue;
    const other = byNumber.get(one.number);
    if (other !== undefined) {
      const file = join(folder, one.name);
      const both = `${join(folder, other)} and ${file}`;
      throw new MigrationError("migration_number_duplicate", database, both, { place: { file } });
    }
    byNumber.set(one.number, one.name);
  }
  const inOrder = [...byNumber].sort(([left], [right]) => (left < right ? -1 : 1));
  return Promise.all(inOrder.map(([number, name]) => readMigration(folder, name, number)));
}

async function listFolder(folder: string, database: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new MigrationError("migrations_folder_missing", database, folder, { cause: error, place: { file: folder } });
  }
}

async function readMigration(folder: string, name: string, number: bigint): Promise<Migration> {
  const text = await readFile(join(folder, name), "utf8");
  const sql = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return { name, number, sql, hash: createHash("sha256").update(sql).digest("hex") };
}
