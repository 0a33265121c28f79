// The table in which a database remembers the migrations it has had, and the check of the files against it.
import { join } from "node:path";
import type pg from "pg";
import { MigrationError } from "../errors.ts";
import type { Migration } from "./read-migrations.ts";

export const historyTable = "tenon_migrations";

export interface AppliedMigration {
  readonly number: string;
  readonly name: string;
  readonly hash: string;
}

export async function ensureHistory(client: pg.Client): Promise<void> {
  // Asked first: CREATE ... IF NOT EXISTS needs rights that a role which only reads the state may lack.
  if (await hasHistory(client)) return;
  await client.query(
    `CREATE TABLE ${historyTable} (
       number bigint PRIMARY KEY,
       name text NOT NULL,
       hash text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now(),
       duration_ms integer NOT NULL
     )`,
  );
}

export async function hasHistory(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('${historyTable}') IS NOT NULL AS present`,
  );
  return rows[0]!.present;
}

export async function readHistory(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    `SELECT number::text, name, hash FROM ${historyTable} ORDER BY ${historyTable}.number`,
  );
  return rows;
}

export async function remember(client: pg.Client, migration: Migration, durationMs: number): Promise<void> {
  await client.query(`INSERT INTO ${historyTable} (number, name, hash, duration_ms) VALUES ($1, $2, $3, $4)`, [
    String(migration.number),
    migration.name,
    migration.hash,
    Math.round(durationMs),
  ]);
}

/** Returns the migrations that are still to run. Refuses files that are not the ones that ran. */
export function comparePending(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  context: Context,
): Migration[] {
  const { pending, errors } = compareMigrations(migrations, applied, context);
  if (errors[0] !== undefined) throw errors[0];
  return pending;
}

interface Context {
  readonly folder: string;
  readonly database: string;
}

/** Those that are still to run, and everything that is wrong with those that ran. */
export function compareMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  context: Context,
): { pending: Migration[]; errors: MigrationError[] } {
  const files = new Map(migrations.map((migration) => [migration.number, migration]));
  const errors = applied.flatMap((one) => wrongWith(one, files.get(BigInt(one.number)), context) ?? []);
  const done = new Set(applied.map(({ number }) => BigInt(number)));
  return { pending: migrations.filter(({ number }) => !done.has(number)), errors };
}

function wrongWith(
  { name, hash }: AppliedMigration,
  file: Migration | undefined,
  { folder, database }: Context,
): MigrationError | undefined {
  if (!file) {
    const place = { file: join(folder, name) };
    return new MigrationError("migration_missing", database, place.file, { place });
  }
  if (file.hash === hash) return undefined;
  const place = { file: join(folder, file.name), line: 1, column: 1 };
  const reason = `${place.file} (when it ran: sha256 ${hash}; now: sha256 ${file.hash})`;
  return new MigrationError("migration_edited", database, reason, { place });
}
