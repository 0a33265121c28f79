// Brings a database up to its folder of migrations: each file once, in order of number, one transaction each. Several runners at
// once wait for each other.
import { join } from "node:path";
import type pg from "pg";
import { MigrationError } from "../errors.ts";
import { sqlStateOf } from "../postgres-error.ts";
import { unreachable } from "./connect-for-migration.ts";
import {
  type AppliedMigration,
  compareMigrations,
  comparePending,
  ensureHistory,
  hasHistory,
  readHistory,
  remember,
} from "./migration-history.ts";
import type { MigrationSource } from "./migration-layout.ts";
import { type SessionOptions, withMigrationLock, withSession } from "./migration-session.ts";
import { type Migration, readMigrations } from "./read-migrations.ts";
import { findDrift, recordSchema } from "./schema-record.ts";
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

/** Duplicate schema, function, object, column, table. */
const makesWhatIsThere: ReadonlySet<string> = new Set(["42P06", "42723", "42710", "42701", "42P07"]);
const noTransaction = /^\s*--\s*no-transaction\s*$/im;

export interface ApplyOptions extends MigrationOptions, Pick<SessionOptions, "lockTimeoutMs" | "onWait"> {
  /** Keeps how the schema is now, to tell later what was changed by hand. Default false. */
  readonly recordsSchema?: boolean;
}

export interface AppliedMigrations {
  /** Names of the files that ran now. */
  readonly applied: string[];
  readonly total: number;
  /** What was changed by hand since the last migration, before these ran; only where the schema is recorded. */
  readonly drift?: string[];
}

export async function applyMigrations(options: ApplyOptions): Promise<AppliedMigrations> {
  const migrations = await readMigrations(options.folder, options.database, options.source);
  return withMigrationLock(options, async (client) => {
    await ensureHistory(client);
    const pending = comparePending(migrations, await readHistory(client), options);
    const drift = options.recordsSchema ? await findDrift(client) : undefined;
    for (const migration of pending) await applyOne(client, migration, options);
    if (options.recordsSchema) await recordSchema(client, { onlyFirst: pending.length === 0 });
    const result = { applied: pending.map(({ name }) => name), total: migrations.length };
    return drift === undefined ? result : { ...result, drift };
  });
}

/** Names of the files that applyMigrations would run; changes nothing. */
export async function pendingMigrations(options: MigrationOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder, options.database, options.source);
  return withSession(options, async (client) => {
    return comparePending(migrations, await historyOf(client), options).map(({ name }) => name);
  });
}

export interface MigrationState {
  /** Those that have run, as files. */
  readonly applied: string[];
  /** Those that would run, in order, with what they would do. */
  readonly pending: { readonly name: string; readonly sql: string; readonly inTransaction: boolean }[];
  /** Files that were edited or are missing. */
  readonly errors: MigrationError[];
  /** What was changed by hand: "+ column ...", "- table ...". */
  readonly drift: string[];
}

/** Everything that is to be said of a database and its files; changes nothing, and waits for nobody. */
export async function inspectMigrations(options: MigrationOptions): Promise<MigrationState> {
  const migrations = await readMigrations(options.folder, options.database, options.source);
  return withSession(options, async (client) => {
    const history = await historyOf(client);
    const { pending, errors } = compareMigrations(migrations, history, options);
    return {
      applied: history.map(({ name }) => name),
      pending: pending.map(({ name, sql }) => ({ name, sql, inTransaction: !noTransaction.test(sql) })),
      errors,
      drift: await findDrift(client),
    };
  });
}

async function historyOf(client: pg.Client): Promise<AppliedMigration[]> {
  return (await hasHistory(client)) ? readHistory(client) : [];
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
  if (sqlState === undefined) return unreachable(options.database, cause);
  const { message, position, detail, hint } = cause as pg.DatabaseError;
  const at = position === undefined ? undefined : locate(text, Number(position) + offset);
  const file = join(options.folder, migration.name);
  const where = at ? `${file}:${at.line}:${at.column}` : file;
  const byHand = makesWhatIsThere.has(sqlState) ? "what it makes is there already; was it made by hand?" : undefined;
  const extra = [detail, hint, byHand].filter(Boolean).map((line) => ` (${line})`);
  return new MigrationError(code, options.database, `${where}: ${message} [SQLSTATE ${sqlState}]${extra.join("")}`, {
    cause,
    place: { file, line: at?.line, column: at?.column },
    sqlState,
    codeFrame: at ? renderCodeFrame(text, at) : undefined,
  });
}
