// Empties a database of development: drops it, makes it anew and applies its migrations. The services go on and connect again.
import { join } from "node:path";
import { applyMigrations, provisionDatabase } from "@tenon/runtime";
import { dropDatabase } from "@tenon/runtime/console";
import { createOutboxTables } from "@tenon/runtime/outbox";
import { CommandError } from "../commands/definition.ts";
import { databaseVariable } from "../database-variable.ts";
import { passwordFor } from "../dev/database-password.ts";
import type { DatabasePlace } from "./database-places.ts";

/**
 * A server of one's own may hold what cannot be made again: to drop anything there somebody has to say so. Throws CommandError
 * `reset_unconfirmed`, before anything is dropped.
 */
export function requireConsent(places: readonly DatabasePlace[], hasConsent: boolean): void {
  const elsewhere = places.filter(({ own }) => own?.isEmbedded === false && own.declaration !== undefined);
  const [first] = elsewhere;
  if (hasConsent || first === undefined) return;
  const names = elsewhere.map(({ name }) => `"${name}"`).join(", ");
  throw new CommandError(
    "reset_unconfirmed",
    `${names} on ${new URL(first.own!.adminUrl).host} would be dropped with everything in ${elsewhere.length === 1 ? "it" : "them"}`,
    "It is the server that DATABASE_URL names, not the one of `tenon dev`. Add --yes if this is what you want.",
  );
}

/** Names of the migrations that were applied. Throws CommandError `not_resettable`. */
export async function resetDatabase({ name, own }: DatabasePlace): Promise<readonly string[]> {
  if (own === undefined || own.declaration === undefined) {
    throw new CommandError(
      "not_resettable",
      `the database "${name}" is not one that Tenon made for development`,
      own === undefined
        ? `It is where ${databaseVariable(name)} or infra.json says: drop and make it there.`
        : "It holds the app's messages; stop `tenon dev` and delete its data folder to begin anew.",
    );
  }
  const { adminUrl, appDir, declaration, hasOutbox } = own;
  await dropDatabase(adminUrl, name);
  const { connectionString } = await provisionDatabase(adminUrl, {
    database: name,
    role: name,
    ...passwordFor(name, adminUrl),
  });
  if (hasOutbox) await createOutboxTables({ database: name, connectionString });
  if (declaration.migrations === undefined) return [];
  const folder = join(appDir, declaration.migrations);
  const { applied } = await applyMigrations({
    connectionString,
    folder,
    source: declaration.migrationSource,
    database: name,
  });
  return applied;
}
