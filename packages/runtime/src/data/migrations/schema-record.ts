// The schema as the last migration left it, kept in the database, so that changes made by hand since then can be told.
import type pg from "pg";
import { compareSchemas, describeSchema } from "./describe-schema.ts";

const table = "tenon_migrations_schema";

/** Lines that differ from the record; none where there is no record yet. */
export async function findDrift(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ present: boolean }>(`SELECT to_regclass('${table}') IS NOT NULL AS present`);
  if (!rows[0]!.present) return [];
  const record = await client.query<{ lines: string[] }>(`SELECT lines FROM ${table}`);
  const before = record.rows[0]?.lines;
  return before === undefined ? [] : compareSchemas(before, await describeSchema(client));
}

export async function recordSchema(client: pg.Client, options: { readonly onlyFirst: boolean }): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${table} (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row), taken_at timestamptz NOT NULL DEFAULT now(), lines text[] NOT NULL)`);
  const conflict = options.onlyFirst
    ? "DO NOTHING"
    : "(is_only_row) DO UPDATE SET lines = excluded.lines, taken_at = now()";
  await client.query(`INSERT INTO ${table} (lines) VALUES ($1) ON CONFLICT ${conflict}`, [
    await describeSchema(client),
  ]);
}
