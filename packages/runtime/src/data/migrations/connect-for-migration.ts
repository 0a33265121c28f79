// Opens a connection for migrations and for what looks after them.
import pg from "pg";
import { MigrationError } from "../errors.ts";
import { sqlStateOf } from "../postgres-error.ts";

export interface MigrationTarget {
  readonly connectionString: string;
  /** For messages. */
  readonly database: string;
}

const connectTimeoutMs = 10_000;

/** Throws MigrationError `migration_database_unreachable`. */
export async function connectForMigration({ connectionString, database }: MigrationTarget): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "tenon migrate",
    keepAlive: true,
  });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw unreachable(database, error);
  }
}

export function unreachable(database: string, cause: unknown): MigrationError {
  const { message, code } = cause as Error & { code?: string };
  return new MigrationError("migration_database_unreachable", database, message || code || "no reason given", {
    cause,
    sqlState: sqlStateOf(cause),
  });
}
