// `migrate` of a production build: applies the migrations of its databases, or only tells what there is to apply and what is not as it
// should be.
import type { AppliedMigrations, ApplyOptions, MigrationState } from "@tenon/runtime/migrations";
import { StartError } from "./start-error.ts";

export interface MigrateOptions {
  /** Changes nothing; fails when a database is not as the build has it. */
  readonly check: boolean;
  /** Changes nothing; prints the SQL that would run. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** For another runner and for locks on tables; without end when absent. */
  readonly lockTimeoutMs: number | undefined;
}

type Place = Pick<ApplyOptions, "database" | "connectionString" | "folder" | "source">;

/** Throws MigrationError, or StartError `migrations_differ` when a check found something. */
export async function migrateDatabases(places: readonly Place[], options: MigrateOptions): Promise<void> {
  const { applyMigrations, inspectMigrations } = await import("@tenon/runtime/migrations");
  const different: string[] = [];
  for (const place of places) {
    if (options.check || options.dryRun) {
      const state = await inspectMigrations(place);
      for (const line of options.json ? [stateAsJson(place, state)] : linesOf(place, state, options)) print(line);
      if (!isCurrent(state)) different.push(place.database);
      // Nothing would run: the errors come before it.
      if (options.dryRun && state.errors[0] !== undefined) throw state.errors[0];
      continue;
    }
    const onWait = (blocker: string): void => {
      process.stderr.write(`${place.database}: waiting for ${blocker}\n`);
    };
    const { lockTimeoutMs } = options;
    const result = await applyMigrations({ ...place, lockTimeoutMs, onWait, recordsSchema: true });
    for (const line of options.json
      ? [JSON.stringify({ database: place.database, ...result })]
      : appliedLines(place, result))
      print(line);
  }
  if (options.check && different.length > 0) {
    throw new StartError(
      "migrations_differ",
      `not as the build has it: ${different.join(", ")}`,
      "`tenon migrate` applies what is pending; what was edited, is missing or was changed by hand is for a person to settle.",
    );
  }
}

function appliedLines({ database }: Place, { applied, total, drift = [] }: AppliedMigrations): string[] {
  const what = applied.length === 0 ? "up to date" : `applied ${applied.join(", ")}`;
  return [`${database}: ${what} (${total} in all)`, ...driftLines(database, drift)];
}

function driftLines(database: string, drift: readonly string[]): string[] {
  if (drift.length === 0) return [];
  return [`${database}: changed by hand since the last migration`, ...drift.map((line) => `  ${line}`)];
}

function isCurrent({ pending, errors, drift }: MigrationState): boolean {
  return pending.length === 0 && errors.length === 0 && drift.length === 0;
}

function linesOf({ database }: Place, state: MigrationState, { dryRun }: MigrateOptions): string[] {
  const { applied, pending, errors, drift } = state;
  if (dryRun) return pending.flatMap((migration) => sqlOf(database, migration));
  if (isCurrent(state)) return [`${database}: up to date (${applied.length} in all)`];
  return [
    ...errors.map((error) => `${database}: ${error.code}: ${error.message}`),
    ...pending.map(({ name }) => `${database}: pending ${name}`),
    ...driftLines(database, drift),
  ];
}

/** As a script that psql would run. */
function sqlOf(database: string, { name, sql, inTransaction }: MigrationState["pending"][number]): string[] {
  const body = sql.trimEnd();
  const ended = body.endsWith(";") ? body : `${body}\n;`;
  return [`-- ${database}: ${name}`, ...(inTransaction ? ["BEGIN;", ended, "COMMIT;"] : [ended]), ""];
}

function stateAsJson({ database }: Place, { applied, pending, errors, drift }: MigrationState): string {
  const problems = errors.map(({ code, message, file }) => ({ code, message, file }));
  return JSON.stringify({ database, applied, pending, errors: problems, drift });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
