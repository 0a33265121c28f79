// Databases for tests: the migrations of each run once, into a template; a test file gets copies of the templates, which the server
// makes in a few milliseconds, and drops them again.
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { applyMigrations, type MigrationOptions } from "../data/migrations/apply-migrations.ts";
import { provisionDatabase } from "../data/provision-database.ts";
import { sqlStateOf } from "../data/postgres-error.ts";

export interface TemplateSource {
  /** As it is declared. */
  readonly database: string;
  readonly role: string;
  readonly password: string;
  /** Absolute; undefined for a database without migrations. */
  readonly migrations: string | undefined;
  readonly migrationSource: MigrationOptions["source"];
}

export interface DatabaseTemplate {
  /** As it is declared. */
  readonly database: string;
  /** Its name on the server. */
  readonly template: string;
  readonly role: string;
  readonly password: string;
}

/** Databases that a test file owns are named so; whoever owns the server may drop those of runs that died. */
const clonePrefix = "tenon_test_";
const templatePrefix = "tenon_template_";
const longestName = 30;
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
  await withAdmin(adminUrl, async (admin) => {
    try {
      await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(draft)} RENAME TO ${pg.escapeIdentifier(template)}`);
    } catch (error) {
      await drop(admin, draft);
      if (sqlStateOf(error) !== duplicateDatabase) throw error;
    }
  });
  return made;
}

export interface ClonedDatabases {
  /** By declared name: postgres://role:password@host:port/name. */
  readonly connectionStrings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

export interface CloneOptions {
  /** The server is ours: files are copied, which is quicker but makes the server write out all that it has in memory. */
  readonly copyFiles?: boolean;
}

/** A fresh copy of each template. */
export async function cloneTemplates(
  adminUrl: string,
  templates: readonly DatabaseTemplate[],
  { copyFiles = false }: CloneOptions = {},
): Promise<ClonedDatabases> {
  const mark = randomBytes(5).toString("hex");
  const strategy = copyFiles ? " STRATEGY FILE_COPY" : "";
  const clones = templates.map((template) => ({
    ...template,
    clone: `${clonePrefix}${plainName(template.database)}_${mark}`,
  }));
  const onServer = (run: (admin: pg.Client, clone: (typeof clones)[number]) => Promise<unknown>) =>
    Promise.all(clones.map((clone) => withAdmin(adminUrl, (admin) => run(admin, clone))));
  await onServer(async (admin, { clone, template, role }) => {
    const name = pg.escapeIdentifier(clone);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}${strategy}`);
    await admin.query(`GRANT ALL ON DATABASE ${name} TO ${pg.escapeIdentifier(role)}`);
  });
  return {
    connectionStrings: Object.fromEntries(clones.map((clone) => [clone.database, urlOf(adminUrl, clone)])),
    drop: async () => void (await onServer((admin, { clone }) => drop(admin, clone))),
  };
}

/** Drops what runs that died left behind, and templates that are not `kept`. For servers that nobody else uses. */
export async function dropLeftovers(adminUrl: string, kept: readonly DatabaseTemplate[]): Promise<void> {
  const names = new Set(kept.map(({ template }) => template));
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>("SELECT datname FROM pg_database");
    for (const { datname } of rows) {
      const isOurs = datname.startsWith(clonePrefix) || datname.startsWith(templatePrefix);
      if (isOurs && !names.has(datname)) await drop(admin, datname);
    }
  });
}

function urlOf(adminUrl: string, { clone, role, password }: DatabaseTemplate & { readonly clone: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(clone)}`;
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}

async function withAdmin<T>(url: string, run: (admin: pg.Client) => Promise<T>): Promise<T> {
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

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  return rowCount === 1;
}

/** Connections of ORMs may still be open: nobody will use them again. */
async function drop(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`);
}

function plainName(database: string): string {
  return database.replaceAll(/[^a-zA-Z0-9_]+/g, "_").slice(0, longestName);
}

/** Of everything below the migrations folder, and of whom it belongs to. */
async function hashOf({ database, role, migrations, migrationSource }: TemplateSource): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([database, role, migrationSource ?? null]));
  if (migrations !== undefined) {
    const entries = await readdir(migrations, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const file of files.sort()) hash.update(file.slice(migrations.length)).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 12);
}
