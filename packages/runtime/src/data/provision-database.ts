// Gives a declared database its place on a server: one database and one role that owns it and reaches nothing else.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { DatabaseError } from "./errors.ts";
import { sqlStateOf, toDatabaseError } from "./postgres-error.ts";

export interface ProvisionOptions {
  readonly database: string;
  readonly role: string;
  /** Absent: a new random one is set, and connection strings handed out before stop working. */
  readonly password?: string;
}

/** Serialises provisioning on one server; "tenon" in ASCII. */
const lockKey = 500_034_367_342;
const connectTimeoutMs = 10_000;

/** `adminUrl`: a role that may create databases and roles. Safe to repeat, and from several places at once. */
export async function provisionDatabase(
  adminUrl: string,
  options: ProvisionOptions,
): Promise<{ connectionString: string }> {
  const password = options.password ?? randomBytes(24).toString("base64url");
  try {
    await withClient(adminUrl, async (admin) => {
      await admin.query("SELECT pg_advisory_lock($1)", [lockKey]);
      await closeSharedDoors(admin);
      await ensureRole(admin, options.role, password);
      await ensureDatabase(admin, options);
      // Still under the lock: the server refuses two changes of one schema's rights at once.
      await withClient(withDatabase(adminUrl, options.database), (inside) => ownSchema(inside, options.role));
    });
  } catch (error) {
    if (sqlStateOf(error) !== undefined) throw toDatabaseError(error, options.database);
    throw new DatabaseError("database_unavailable", options.database, (error as Error).message, { cause: error });
  }
  const url = new URL(withDatabase(adminUrl, options.database));
  url.username = encodeURIComponent(options.role);
  url.password = encodeURIComponent(password);
  return { connectionString: url.href };
}

async function withClient(url: string, run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  client.on("error", () => {});
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

function withDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Every role may enter these by default. On a server that is not all ours we may lack the right to change that. */
async function closeSharedDoors(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database
     WHERE datname IN ('postgres', 'template1') AND pg_has_role(datdba, 'MEMBER')
       AND has_database_privilege('public', oid, 'CONNECT')`,
  );
  for (const { datname } of rows)
    await admin.query(`REVOKE CONNECT ON DATABASE ${pg.escapeIdentifier(datname)} FROM PUBLIC`);
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [role]);
  // Without further words a new role is neither superuser nor may it create databases or roles.
  const verb = rowCount ? "ALTER" : "CREATE";
  await admin.query(`${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

async function ensureDatabase(admin: pg.Client, { database, role }: ProvisionOptions): Promise<void> {
  const name = pg.escapeIdentifier(database);
  const owner = pg.escapeIdentifier(role);
  const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  // From template0: nothing that somebody left in template1 gets in, and nobody's connection to it is in the way.
  if (!rowCount) await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await admin.query(`GRANT ALL ON DATABASE ${name} TO ${owner}`);
}

async function ownSchema(admin: pg.Client, role: string): Promise<void> {
  await admin.query(`REVOKE ALL ON SCHEMA public FROM PUBLIC`);
  await admin.query(`GRANT ALL ON SCHEMA public TO ${pg.escapeIdentifier(role)}`);
}
