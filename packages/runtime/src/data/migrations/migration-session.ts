// The connection that migrations run on: one runner at a time in a database, however many start; others wait, and are told for whom. No
// timeout of the role or the server cuts a long migration short.
import type pg from "pg";
import { MigrationError } from "../errors.ts";
import { sqlStateOf } from "../postgres-error.ts";
import { connectForMigration, type MigrationTarget, unreachable } from "./connect-for-migration.ts";
import { requireOwnSession } from "./own-session.ts";
import { type Blocker, describeBlocker, watchBlockers } from "./watch-blockers.ts";

export interface SessionOptions extends MigrationTarget {
  /** For another runner, and for each lock on a table; default: without end. */
  readonly lockTimeoutMs?: number | undefined;
  /** Is told who is in the way, once for each. */
  readonly onWait?: ((blocker: string) => void) | undefined;
}

/** Per database on the server; "migrate" in ASCII. */
const lockKey = "30799015434711141";

/** Runs with the lock of the runner held; it is freed also when this process is killed. */
export function withMigrationLock<T>(options: SessionOptions, run: (client: pg.Client) => Promise<T>): Promise<T> {
  return withSession(options, async (client) => {
    await requireOwnSession(options, client);
    const blockers = new Map<number, Blocker>();
    const onBlocker = (blocker: Blocker): void => {
      blockers.set(blocker.pid, blocker);
      options.onWait?.(describeBlocker(blocker));
    };
    // In development nobody is there to be told.
    const isWatched = options.onWait !== undefined || options.lockTimeoutMs !== undefined;
    const watch = isWatched ? await watchBlockers(options, client, onBlocker) : undefined;
    try {
      await client.query(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
        SET lock_timeout = ${Math.ceil(options.lockTimeoutMs ?? 0)}`);
      await client.query("SELECT pg_advisory_lock($1)", [lockKey]).catch((error: unknown) => {
        if (sqlStateOf(error) !== "55P03") throw error;
        throw new MigrationError(
          "migration_lock_timeout",
          options.database,
          [...blockers.values()].map(describeBlocker).join("; ") || "nobody knows who it is any more",
          { cause: error, sqlState: "55P03" },
        );
      });
      return await run(client);
    } finally {
      await watch?.stop();
    }
  });
}

/** Runs without the lock, for what only looks. */
export async function withSession<T>(options: SessionOptions, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectForMigration(options);
  try {
    return await run(client);
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    const sqlState = sqlStateOf(error);
    if (sqlState === undefined) throw unreachable(options.database, error);
    const reason = `${(error as Error).message} [SQLSTATE ${sqlState}]`;
    throw new MigrationError("migration_history_failed", options.database, reason, { cause: error, sqlState });
  } finally {
    await client.end();
  }
}
