// Reads a folder of `N_name.up.sql` files in the order of their numbers.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MigrationError } from "../errors.ts";

export interface Migration {
  /** "1_create_users.up.sql" */
  readonly name: string;
  readonly number: bigint;
  readonly sql: string;
  /** SHA-256 in hex; the same however the lines end. */
  readonly hash: string;
}

export async function readMigrations(folder: string, database: string): Promise<Migration[]> {
  const names = (await listFolder(folder, database)).filter(
    (name) => name.endsWith(".sql") && !name.endsWith(".down.sql"),
  );
  const wrong = names.filter((name) => numberOf(name) === undefined);
  if (wrong.length > 0) {
    throw new MigrationError("migration_name_invalid", database, wrong.map((name) => join(folder, name)).join(", "), {
      place: { file: join(folder, wrong[0]!) },
    });
  }
  const byNumber = new Map<bigint, string>();
  for (const name of names) {
    const number = numberOf(name)!;
    const other = byNumber.get(number);
    if (other !== undefined) {
      throw new MigrationError(
        "migration_number_duplicate",
        database,
        `${join(folder, other)} and ${join(folder, name)}`,
        {
          place: { file: join(folder, name) },
        },
      );
    }
    byNumber.set(number, name);
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

function numberOf(name: string): bigint | undefined {
  const digits = /^(\d{1,18})_.+\.up\.sql$/.exec(name)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

async function readMigration(folder: string, name: string, number: bigint): Promise<Migration> {
  const text = await readFile(join(folder, name), "utf8");
  const sql = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return { name, number, sql, hash: createHash("sha256").update(sql).digest("hex") };
}
