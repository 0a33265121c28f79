// What the databases of an app hold at the moment.
import { openConsole } from "@tenon/runtime/console";
import type { DatabasePlace } from "./database-places.ts";

export interface DatabaseOverview {
  readonly database: string;
  readonly services: readonly string[];
  /** Absent where the database cannot be reached. */
  readonly sizeBytes?: number;
  readonly tables?: number;
  /** Files that have been applied, the newest last. */
  readonly migrations?: readonly string[];
  readonly error?: string;
}

const facts = `SELECT pg_database_size(current_database()), to_regclass('public.tenon_migrations') IS NOT NULL,
  (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')
   AND n.nspname !~ '^(pg_|tenon_)' AND n.nspname <> 'information_schema' AND c.relname <> 'tenon_migrations')`;

export async function describeDatabase({ name, connectionString, services }: DatabasePlace): Promise<DatabaseOverview> {
  try {
    const console = await openConsole(connectionString, name);
    try {
      const { rows } = await console.run(facts);
      const [size, hasHistory, tables] = rows[0]!;
      const history =
        hasHistory === "t"
          ? await console.run("SELECT name FROM public.tenon_migrations ORDER BY number")
          : { rows: [] };
      return {
        database: name,
        services,
        sizeBytes: Number(size),
        tables: Number(tables),
        migrations: history.rows.map(([file]) => file!),
      };
    } finally {
      await console.close();
    }
  } catch (error) {
    return { database: name, services, error: (error as Error).message };
  }
}

export function overviewLine({ database, services, sizeBytes, tables, migrations, error }: DatabaseOverview): string {
  const users = services.length === 0 ? [] : [`used by ${services.join(", ")}`];
  if (error !== undefined) return [database, ...users, error].join("  ");
  const newest = migrations?.at(-1);
  return [
    database,
    `${((sizeBytes ?? 0) / 1_048_576).toFixed(1)} MB`,
    `${tables} tables`,
    newest === undefined ? "no migrations" : `${migrations!.length} migrations, newest ${newest}`,
    ...users,
  ].join("  ");
}
