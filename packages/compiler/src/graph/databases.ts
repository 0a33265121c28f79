// Databases: their names, migrations, who owns them and who else uses them. The owner is the service whose folder holds the
// declaration; one declared beside the services belongs to the first that uses it.
import { dirname, posix } from "node:path";
import type { Database } from "@tenon/model";
import { type Discovered, type Found, nearest } from "../discover/discover.ts";
import { evaluateOptions, type Known, leavesOf } from "../schema/option-value.ts";
import { locationOf, nameOf, type Report, type UsersOf, type ValuesOf } from "./found-resource.ts";

export interface CollectedDatabases {
  readonly databases: readonly Database[];
  /** Service -> names of the databases that its code uses. */
  readonly databasesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

type FoundDatabase = Found<"database">;

interface Declared {
  readonly name: string;
  readonly found: FoundDatabase;
  /** The service whose folder holds the declaration. */
  readonly home: string | undefined;
}

export function collectDatabases(
  discovered: Discovered,
  valuesOf: ValuesOf,
  usersOf: UsersOf,
  report: Report,
): CollectedDatabases {
  const declared = collectDeclared(discovered, valuesOf, report);
  const databasesOf = new Map<string, Set<string>>();
  for (const found of discovered.databases) {
    const name = nameOf(found, valuesOf(found));
    const database = declared.find((one) => one.name === name);
    const { source, declaration } = found;
    if (database === undefined) {
      if (declaration.form === "named" && name !== null) report("TN1032", source, declaration.call, { name });
      continue;
    }
    for (const service of usersOf(source.relative)) {
      databasesOf.set(service, (databasesOf.get(service) ?? new Set()).add(database.name));
      const { home } = database;
      // Whoever writes `SQLDatabase.named`, or declares it beside the services, says that it is shared.
      if (declaration.form === "declared" && home !== undefined && home !== service)
        report("TN1033", source, declaration.call, { service, name: database.name, owner: home });
    }
  }
  const databases = declared.flatMap((one) => {
    const users = [...databasesOf].filter(([, names]) => names.has(one.name)).map(([service]) => service);
    return createDatabase(one, users.sort(), valuesOf, report);
  });
  return { databases: databases.sort((a, b) => (a.name < b.name ? -1 : 1)), databasesOf };
}

function collectDeclared(discovered: Discovered, valuesOf: ValuesOf, report: Report): Declared[] {
  const directories = new Map(discovered.services.map((service) => [service.directory, service.name]));
  const declared: Declared[] = [];
  for (const found of discovered.databases) {
    const { source, declaration } = found;
    const name = nameOf(found, valuesOf(found));
    if (name === null) {
      report("TN1030", source, declaration.name ?? declaration.call);
      continue;
    }
    if (declaration.form === "named") continue;
    const other = declared.find((one) => one.name === name);
    if (other !== undefined) {
      report("TN1031", source, declaration.call, { name, other: other.found.source.relative });
      continue;
    }
    declared.push({ name, found, home: nearest(source.relative, (folder) => directories.get(folder)) });
  }
  return declared;
}

function createDatabase(
  { name, found, home }: Declared,
  users: readonly string[],
  valuesOf: ValuesOf,
  report: Report,
): Database[] {
  const { source, declaration } = found;
  const service = home ?? users[0];
  if (service === undefined) {
    report("TN1034", source, declaration.call, { name });
    return [];
  }
  const migrations = migrationsOf(found, valuesOf(found));
  if (migrations === null) report("TN1035", source, declaration.config ?? declaration.call, { name });
  const sharedWith = users.filter((user) => user !== service);
  return [
    {
      name,
      service,
      ...(sharedWith.length === 0 ? {} : { sharedWith }),
      ...(migrations == null ? {} : { migrations: posix.join(dirname(source.relative), migrations.path) }),
      ...(migrations?.source === undefined ? {} : { migrationSource: migrations.source }),
      location: locationOf(source, declaration.call),
    },
  ];
}

interface Migrations {
  readonly path: string;
  readonly source: Database["migrationSource"];
}

const sources: readonly unknown[] = ["prisma", "drizzle", "drizzle/v1"] satisfies Database["migrationSource"][];

/** undefined: none; null: not a folder's path with the tool it comes from. */
function migrationsOf({ declaration }: FoundDatabase, values: readonly Known[]): Migrations | null | undefined {
  const { config } = declaration;
  if (config === null) return undefined;
  const leaves = [...leavesOf(declaration.name), ...leavesOf(config)];
  const options = evaluateOptions(config, (leaf) => values[leaves.indexOf(leaf)] ?? null);
  if (options === null) return null;
  const option = options.get("migrations");
  if (option === undefined) return undefined;
  if (option.known === null) return null;
  const { value } = option.known;
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) return migrationsIn(value, undefined);
  const { path, source, ...rest } = value as Record<string, unknown>;
  return Object.keys(rest).length === 0 ? migrationsIn(path, source) : null;
}

function migrationsIn(path: unknown, source: unknown): Migrations | null {
  if (typeof path !== "string" || path.startsWith("/")) return null;
  if (source !== undefined && !sources.includes(source)) return null;
  return { path, source: source as Migrations["source"] };
}
