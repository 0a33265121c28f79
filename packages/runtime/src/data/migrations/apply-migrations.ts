// Brings a database up to its folder of migrations: each file once, in order of number, one transaction each. Several runners at
// once wait for each other.
import { join } from "node:path";
import pg from "pg";
import { MigrationError } from "../errors.ts";
import { sqlStateOf } from "../postgres-error.ts";
import { comparePending, ensureHistory, hasHistory, readHistory, remember } from "./migration-history.ts";
import type { MigrationSource } from "./migration-layout.ts";
import { type Migration, readMigrations } from "./read-migrations.ts";
import { splitStatements } from "./split-statements.ts";
import { locate, renderCodeFrame } from "./statement-position.ts";

export interface MigrationOptions {
  readonly connectionString: string;
  /** Errors name files as it is written here. */
  readonly folder: string;
  /** The tool that wrote the migrations; absent: `N_name.up.sql` files. */
  readonly source?: MigrationSource | undefined;
  /** For messages. */
  readonly database: string;
}

/** Per database on the server; "migrate" in ASCII. */
const lockKey = 30_799_015_434_711_141n;
const connectTimeoutMs = 10_000;
const noTransaction = /^\s*--\s*no-transaction\s*$/im;

export async function applyMigrations(options: MigrationOptions): Promise<{ applied: string[]; total: number }> {
  const migrations = await readMigrations(options.folder, options.database, options.source);
  return withClient(options, async (client) => {
    // Held by the session: it is freed also when this process is killed.
    await client.query("SELECT pg_advisory_lock($1)", [String(lockKey)]);
    await ensureHistory(client);
    const pending = comparePending(migrations, await readHistory(client), options);
    for (const migration of pending) await applyOne(client, migration, options);
    return { applied: pending.map(({ name }) => name), total: migrations.length };
  });
}

/** Names of the files that applyMigrations would run; changes nothing. */
export async function pendingMigrations(options: MigrationOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder, options.database, options.source);
  return withClient(options, async (client) => {
    const applied = (await hasHistory(client)) ? await readHistory(client) : [];
    return comparePending(migrations, applied, options).map(({ name }) => name);
  });
}

async function withClient<T>(options: MigrationOptions, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "tenon migrate",
  });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(options, error);
  }
  try {
    return await run(client);
  } catch (error) {
    if (error instanceof MigrationError || sqlStateOf(error) !== undefined) throw error;
    throw unreachable(options, error);
  } finally {
    await client.end();
  }
}

function unreachable(options: MigrationOptions, cause: unknown): MigrationError {
  const { message, code } = cause as Error & { code?: string };
  return new MigrationError("migration_database_unreachable", options.database, message || code || "no reason given", {
    cause,
    sqlState: sqlStateOf(cause),
  });
}

async function applyOne(client: pg.Client, migration: Migration, options: MigrationOptions): Promise<void> {
  const startedAt = performance.now();
  if (noTransaction.test(migration.sql)) {
    await runWithoutTransaction(client, migration, options);
    await remember(client, migration, performance.now() - startedAt);
    return;
  }
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await remember(client, migration, performance.now() - startedAt);
    await client.query("COMMIT");
  } catch (error) {
    // Fails only when the connection is gone, and with it the transaction.
    await client.query("ROLLBACK").catch(() => {});
    throw failure("migration_failed", migration, options, error, migration.sql, 0);
  }
}

/** Statement by statement: several in one text would be a transaction again. */
async function runWithoutTransaction(
  client: pg.Client,
  migration: Migration,
  options: MigrationOptions,
): Promise<void> {
  for (const { text, offset } of splitStatements(migration.sql)) {
    try {
      await client.query(text);
    } catch (error) {
      throw failure("migration_failed_halfway", migration, options, error, migration.sql, offset);
    }
  }
}

function failure(
  code: "migration_failed" | "migration_failed_halfway",
  migration: Migration,
  options: MigrationOptions,
  cause: unknown,
  text: string,
  offset: number,
): MigrationError {
  const sqlState = sqlStateOf(cause);
  if (sqlState === undefined) return unreachable(options, cause);
  const { message, position, detail, hint } = cause as pg.DatabaseError;
  const at = position === undefined ? undefined : locate(text, Number(position) + offset);
  const file = join(options.folder, migration.name);
  const where = at ? `${file}:${at.line}:${at.column}` : file;
  const extra = [detail, hint].filter(Boolean).map((line) => ` (${line})`);
  return new MigrationError(code, options.database, `${where}: ${message} [SQLSTATE ${sqlState}]${extra.join("")}`, {
    cause,
    place: { file, line: at?.line, column: at?.column },
    sqlState,
    codeFrame: at ? renderCodeFrame(text, at) : undefined,
  });
}
