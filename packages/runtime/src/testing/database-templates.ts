// The templates of databases for tests: the migrations of each run once, and again only when they change.
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { applyMigrations, type MigrationOptions } from "../data/migrations/apply-migrations.ts";
import { provisionDatabase } from "../data/provision-database.ts";
import { sqlStateOf } from "../data/postgres-error.ts";
import { createOutboxTables } from "../messaging/outbox/outbox-tables.ts";
import { clonePrefix, dropDatabase, plainName, withAdmin } from "./test-databases.ts";

export interface TemplateSource {
  /** As it is declared. */
  readonly database: string;
  readonly role: string;
  readonly password: string;
  /** Absolute; undefined for a database without migrations. */
  readonly migrations: string | undefined;
  readonly migrationSource: MigrationOptions["source"];
  /** Messages leave in its transactions, or are taken in them. */
  readonly hasOutbox: boolean;
}

export interface DatabaseTemplate {
  /** As it is declared. */
  readonly database: string;
  /** Its name on the server. */
  readonly template: string;
  readonly role: string;
  readonly password: string;
}

const templatePrefix = "tenon_template_";
const duplicateDatabase = "42P04";

/** Makes the template unless there is one for these migrations. Safe from several processes at once. Throws as migrations do. */
export async function ensureTemplate(adminUrl: string, source: TemplateSource): Promise<DatabaseTemplate> {
  const { database, role, password } = source;
  const start = `${templatePrefix}${plainName(database)}_`;
  const template = `${start}${await hashOf(source)}`;
  const made = { database, template, role, password };
  if (await withAdmin(adminUrl, (admin) => exists(admin, template))) {
    // The role's password may be another one than when the template was made.
    await provisionDatabase(adminUrl, { database: template, role, password });
    return made;
  }
  // Under its own name only once it is complete.
  const draft = `${start}${randomBytes(6).toString("hex")}`;
  const { connectionString } = await provisionDatabase(adminUrl, { database: draft, role, password });
  if (source.migrations !== undefined) {
    await applyMigrations({ connectionString, folder: source.migrations, source: source.migrationSource, database });
  }
  if (source.hasOutbox) await createOutboxTables({ connectionString, database });
  await withAdmin(adminUrl, async (admin) => {
    try {
      await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(draft)} RENAME TO ${pg.escapeIdentifier(template)}`);
    } catch (error) {
      await dropDatabase(admin, draft);
      if (sqlStateOf(error) !== duplicateDatabase) throw error;
    }
  });
  return made;
}

/** Drops what runs that died left behind, and templates that are not `kept`. For servers that nobody else uses. */
export async function dropLeftovers(adminUrl: string, kept: readonly DatabaseTemplate[]): Promise<void> {
  const names = new Set(kept.map(({ template }) => template));
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>("SELECT datname FROM pg_database");
    for (const { datname } of rows) {
      const isOurs = datname.startsWith(clonePrefix) || datname.startsWith(templatePrefix);
      if (isOurs && !names.has(datname)) await dropDatabase(admin, datname);
    }
  });
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  return rowCount === 1;
}

/** Of everything below the migrations folder, and of whom it belongs to. */
async function hashOf({ database, role, migrations, migrationSource, hasOutbox }: TemplateSource): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([database, role, migrationSource ?? null, hasOutbox]));
  if (migrations !== undefined) {
    const entries = await readdir(migrations, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const file of files.sort()) hash.update(file.slice(migrations.length)).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}
