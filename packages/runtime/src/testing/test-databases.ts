// What templates and clones have in common: how they are named, reached and dropped.
import pg from "pg";

/** Databases that a test file owns are named so; whoever owns the server may drop those of runs that died. */
export const clonePrefix = "tenon_test_";

/** What a name may have of a declared one: names of databases end at 63 bytes. */
const longestName = 24;

export function plainName(database: string): string {
  return database.replaceAll(/[^a-zA-Z0-9_]+/g, "_").slice(0, longestName);
}

export async function withAdmin<T>(url: string, run: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  admin.on("error", () => {});
  await admin.connect();
  try {
    return await run(admin);
  } finally {
    await admin.end();
  }
}

/** With whatever connections it has. */
export async function dropDatabase(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
}
