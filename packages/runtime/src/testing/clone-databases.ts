// The databases of one test file: copies of the templates, which the server makes in some milliseconds, and drops again when nobody
// uses them any more.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { DatabaseTemplate } from "./database-templates.ts";
import { type Contents, readContents, writeContents } from "./database-contents.ts";
import { clonePrefix, dropDatabase, plainName, withAdmin } from "./test-databases.ts";

export interface CloneOptions {
  /** Of the run of tests, in the names of its databases. */
  readonly mark: string;
  /** The server is ours: files are copied, which is quicker but makes the server write out all that it has in memory. */
  readonly copyFiles?: boolean;
}

export interface ClonedDatabases {
  /** By declared name: postgres://role:password@host:port/name. */
  readonly connectionStrings: Readonly<Record<string, string>>;
  /** Everything is as the migrations left it. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

interface Clone extends DatabaseTemplate {
  readonly name: string;
}

/** A fresh copy of each template. */
export async function cloneTemplates(
  adminUrl: string,
  templates: readonly DatabaseTemplate[],
  options: CloneOptions,
): Promise<ClonedDatabases> {
  const clones = await Promise.all(templates.map((template) => createClone(adminUrl, template, options)));
  const original = new Map<string, Contents>();
  return {
    connectionStrings: Object.fromEntries(clones.map((clone) => [clone.database, urlOf(adminUrl, clone)])),
    async reset() {
      await Promise.all(
        clones.map(async (clone) => {
          const contents = original.get(clone.name) ?? (await contentsOf(adminUrl, clone, options));
          original.set(clone.name, contents);
          await withAdmin(onDatabase(adminUrl, clone.name), (inside) => writeContents(inside, contents));
        }),
      );
    },
    async drop() {
      if (clones.length > 0) await withAdmin(adminUrl, (admin) => dropUnused(admin, clones, options));
    },
  };
}

/** All that is left of a run. */
export async function dropClones(adminUrl: string, mark: string): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>("SELECT datname FROM pg_database");
    for (const { datname } of rows) if (datname.startsWith(prefixOf(mark))) await dropDatabase(admin, datname);
  });
}

const prefixOf = (mark: string): string => `${clonePrefix}${mark}_`;

async function createClone(adminUrl: string, template: DatabaseTemplate, options: CloneOptions): Promise<Clone> {
  const name = `${prefixOf(options.mark)}${plainName(template.database)}_${randomBytes(5).toString("hex")}`;
  const id = pg.escapeIdentifier(name);
  const strategy = options.copyFiles ? " STRATEGY FILE_COPY" : "";
  await withAdmin(adminUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${id} TEMPLATE ${pg.escapeIdentifier(template.template)}${strategy}`);
    await admin.query(`GRANT ALL ON DATABASE ${id} TO ${pg.escapeIdentifier(template.role)}`);
  });
  return { ...template, name };
}

/** Of another copy: a connection to the template itself would keep others from copying it. */
async function contentsOf(adminUrl: string, template: DatabaseTemplate, options: CloneOptions): Promise<Contents> {
  const copy = await createClone(adminUrl, template, options);
  const contents = await withAdmin(onDatabase(adminUrl, copy.name), readContents);
  await withAdmin(adminUrl, (admin) => dropDatabase(admin, copy.name));
  return contents;
}

const closingPolls = 5;
const closingPollMs = 10;
const leftBehind = "left by a test";

/**
 * Pools of ORMs stay open until their process ends, and may take a cut connection badly: databases that are in use are dropped by a later
 * test file, or at the end of the run.
 */
async function dropUnused(admin: pg.Client, clones: readonly Clone[], { mark }: CloneOptions): Promise<void> {
  for (const { name } of clones) {
    await admin.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(name)} IS ${pg.escapeLiteral(leftBehind)}`);
  }
  for (let poll = 0; poll < closingPolls; poll++) {
    const { rows } = await admin.query<{ name: string; isUsed: boolean }>(
      `SELECT datname AS name, EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid) AS "isUsed"
       FROM pg_database d WHERE starts_with(datname, $1) AND shobj_description(oid, 'pg_database') = $2`,
      [prefixOf(mark), leftBehind],
    );
    for (const { name } of rows.filter(({ isUsed }) => !isUsed)) await dropDatabase(admin, name);
    if (rows.every(({ isUsed }) => !isUsed)) return;
    await sleep(closingPollMs);
  }
}

function onDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}

function urlOf(adminUrl: string, { name, role, password }: Clone): string {
  const url = new URL(onDatabase(adminUrl, name));
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}
