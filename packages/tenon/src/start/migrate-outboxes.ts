// The part of `migrate` that is not the app's own: tables for the messages that leave in transactions of a database, or are taken in them.
import type { OutboxPlace } from "@tenon/runtime/outbox";
import type { MigrateOptions } from "./migrate.ts";
import { StartError } from "./start-error.ts";

/** Throws HostError `outbox_unprepared`, or StartError `migrations_differ` when a check found something. */
export async function migrateOutboxes(places: readonly OutboxPlace[], options: MigrateOptions): Promise<void> {
  const { createOutboxTables, hasOutboxTables, outboxSql } = await import("@tenon/runtime/outbox");
  const { check, dryRun, json } = options;
  const lacking: string[] = [];
  for (const place of places) {
    const { database } = place;
    const hasTables = check || dryRun ? await hasOutboxTables(place) : !(await createOutboxTables(place));
    if (hasTables) tell(json, database, "up to date");
    else if (!check && !dryRun) tell(json, database, "made");
    else if (json || check) tell(json, database, "missing");
    else process.stdout.write(`-- ${database}: tables for its messages\n${outboxSql}\n`);
    if (!hasTables) lacking.push(database);
  }
  if (!check || lacking.length === 0) return;
  throw new StartError(
    "migrations_differ",
    `without the tables for messages of transactions: ${lacking.join(", ")}`,
    "`tenon migrate` makes them.",
  );
}

function tell(json: boolean, database: string, outbox: string): void {
  const line = json ? JSON.stringify({ database, outbox }) : `${database}: tables for its messages ${outbox}`;
  process.stdout.write(`${line}\n`);
}
