// The databases of this process: told once at start (and again on reload), looked up by name, closed at the end.
import type { DatabaseConfig } from "../lifecycle/host-config.ts";
import { log } from "../log/log.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { DatabaseError } from "./errors.ts";
import { toDatabaseError } from "./postgres-error.ts";

const defaultCloseTimeoutMs = 5_000;
const defaultCheckTimeoutMs = 2_000;

const pools = new Map<string, ConnectionPool>();

export interface DatabaseHealth {
  readonly database: string;
  /** undefined: it answers. */
  readonly error?: DatabaseError;
}

/** Databases whose settings stay keep their connections; those that left or moved finish what is under way. */
export function configureDatabases(databases: Readonly<Record<string, DatabaseConfig>>): void {
  const next = Object.entries(databases).map(([name, config]) => new ConnectionPool(name, config));
  for (const [name, pool] of pools) {
    if (next.some((other) => isSame(pool, other))) continue;
    pools.delete(name);
    void pool.close(defaultCloseTimeoutMs);
  }
  for (const pool of next) if (!pools.has(pool.database)) pools.set(pool.database, pool);
}

/** Those that each database is to have at the least. One that cannot be reached is told, and does not stop the start. */
export async function openLeastConnections(databases: Readonly<Record<string, DatabaseConfig>>): Promise<void> {
  await Promise.all(
    Object.entries(databases).map(async ([name, { minConnections = 0 }]) => {
      if (minConnections === 0) return;
      await poolOf(name)
        .open(minConnections)
        .catch((error: unknown) => {
          const reason = toDatabaseError(error, name).message;
          log.warn("connections were not opened ahead", { database: name, minConnections, reason });
        });
    }),
  );
}

export function poolOf(name: string): ConnectionPool {
  const pool = pools.get(name);
  if (!pool) throw new DatabaseError("database_not_configured", name);
  return pool;
}

/** The declared name of the database that has this name on its server; undefined when it is none of this process's. */
export function declaredNameOf(namespace: string): string | undefined {
  for (const { database, target } of pools.values()) if (target.namespace === namespace) return database;
  return undefined;
}

/** Finishes what is under way and closes all connections; cuts them after the time. */
export async function closeDatabases(timeoutMs: number = defaultCloseTimeoutMs): Promise<void> {
  const closing = [...pools.values()];
  pools.clear();
  await Promise.all(closing.map((pool) => pool.close(timeoutMs)));
}

/** Asks every database for a sign of life; never throws. */
export async function checkDatabases(timeoutMs: number = defaultCheckTimeoutMs): Promise<DatabaseHealth[]> {
  return Promise.all(
    [...pools.values()].map(async (pool) => {
      try {
        await pool.ping(timeoutMs);
        return { database: pool.database };
      } catch (error) {
        return { database: pool.database, error: toDatabaseError(error, pool.database) };
      }
    }),
  );
}

function isSame(left: ConnectionPool, right: ConnectionPool): boolean {
  return (
    left.database === right.database &&
    left.connectionString === right.connectionString &&
    left.maxConnections === right.maxConnections
  );
}
