// Whether a session is ours for as long as its connection lasts. Behind a pooler in transaction mode it is not: a lock taken in one statement
// would be held by whoever comes next.
import type pg from "pg";
import { MigrationError } from "../errors.ts";
import { sqlStateOf } from "../postgres-error.ts";
import { connectForMigration, type MigrationTarget } from "./connect-for-migration.ts";

/** A pooler in session mode may have no session left for a second connection. */
const probeTimeoutMs = 5_000;

/** Throws MigrationError `migration_session_shared`. */
export async function requireOwnSession(target: MigrationTarget, client: pg.Client): Promise<void> {
  const before = await processOf(client);
  // Who speaks for the server itself names its process.
  if (before === (client as unknown as { processID: number | null }).processID) return;
  // Poolers in session mode and proxies name another one too, and keep a session for each connection. Where it is shared, the next one to
  // come gets ours while we are silent, and we another one while it stays in its transaction.
  const probe = await connectForMigration(target);
  try {
    const ofProbe = await beginAside(probe);
    if (ofProbe === undefined) return;
    // With our only session in its hands we would wait for ever.
    const after = ofProbe === before ? undefined : await processOf(client);
    if (after === before) return;
    const reason = `the process ${before} of the server served this connection, and then ${ofProbe === before ? "another one" : "no more"}`;
    throw new MigrationError("migration_session_shared", target.database, reason);
  } finally {
    await probe.end();
  }
}

/** undefined: there was no session for it. */
async function beginAside(probe: pg.Client): Promise<number | undefined> {
  try {
    // The types do not know that a single query can have it.
    const begin: pg.QueryConfig & { query_timeout: number } = { text: "BEGIN", query_timeout: probeTimeoutMs };
    await probe.query(begin);
    return await processOf(probe);
  } catch (error) {
    // The server has not said anything.
    if (sqlStateOf(error) === undefined) return undefined;
    throw error;
  }
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]!.pid;
}
