// Looks, from a second connection, for whom a migration waits: a lock that somebody forgot holds up a release without a word otherwise.
import type pg from "pg";
import { connectForMigration, type MigrationTarget } from "./connect-for-migration.ts";

export interface Blocker {
  readonly pid: number;
  readonly application: string;
  readonly role: string;
  readonly address: string | null;
  readonly state: string;
  readonly query: string;
  readonly seconds: number;
}

const lookEveryMs = 1_000;
const longestQuery = 200;

const blockersOf = `SELECT pid, coalesce(application_name, '') AS application, coalesce(usename, '') AS role,
    host(client_addr) AS address, coalesce(state, '') AS state, coalesce(query, '') AS query,
    coalesce(extract(epoch FROM now() - coalesce(xact_start, backend_start)), 0)::float8 AS seconds
  FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids($1))`;

/** `onBlocker` is called once for each. */
export async function watchBlockers(
  place: MigrationTarget,
  client: pg.Client,
  onBlocker: (blocker: Blocker) => void,
): Promise<{ stop(): Promise<void> }> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const observer = await connectForMigration(place);
  const told = new Set<number>();
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const found = await observer.query<Blocker>(blockersOf, [rows[0]!.pid]);
    for (const blocker of found.rows) {
      if (told.has(blocker.pid)) continue;
      told.add(blocker.pid);
      onBlocker(blocker);
    }
  };
  const timer = setInterval(() => {
    // The migration goes on without being watched.
    looking = looking.then(look).catch(() => {});
  }, lookEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await observer.end();
    },
  };
}

/** `process 4711 ("tenon", role users, 10.0.0.7, idle in transaction for 12 s): UPDATE ...` */
export function describeBlocker({ pid, application, role, address, state, query, seconds }: Blocker): string {
  const who = [`"${application}"`, `role ${role}`, ...(address === null ? [] : [address])].join(", ");
  const text = query.replace(/\s+/g, " ").trim();
  const shown = text.length > longestQuery ? `${text.slice(0, longestQuery)}...` : text;
  return `process ${pid} (${who}, ${state} for ${Math.round(seconds)} s): ${shown}`;
}
