// Removes a database with everything in it, whoever is connected to it.
import pg from "pg";
import { toDatabaseError } from "./postgres-error.ts";

const connectTimeoutMs = 10_000;

/** `adminUrl`: a role that may do so, in another database. Throws DatabaseError. */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: connectTimeoutMs });
  admin.on("error", () => {});
  try {
    await admin.connect();
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
  } catch (error) {
    throw toDatabaseError(error, database);
  } finally {
    await admin.end().catch(() => {});
  }
}
