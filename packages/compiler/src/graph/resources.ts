// Databases and secrets: their names and settings, who owns them and who uses them.
import { dirname, posix } from "node:path";
import type { Database, Diagnostic, Location, Secret } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Span } from "../discover/declarations.ts";
import { type Discovered, type Found, nearest } from "../discover/discover.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import { evaluate, evaluateOptions, type Known, leavesOf, type OptionValue } from "../schema/option-value.ts";

/** Which services have a file in their closure, by the file's relative path. */
export type UsersOf = (relativeFile: string) => readonly string[];

export interface Resources {
  readonly databases: readonly Database[];
  readonly secrets: readonly Secret[];
  /** Service -> names. */
  readonly databasesOf: ReadonlyMap<string, readonly string[]>;
  readonly secretsOf: ReadonlyMap<string, readonly string[]>;
}

type ValuesOf = (found: Found<"database"> | Found<"secret">) => readonly Known[];

export function collectResources(
  discovered: Discovered,
  valuesOf: ValuesOf,
  usersOf: UsersOf,
  diagnostics: Diagnostic[],
): Resources {
  const report = (code: DiagnosticCode, source: SourceFile, span: Span, words: Record<string, string> = {}) =>
    diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  const databases = collectDatabases(discovered, valuesOf, report);
  const databasesOf = new Map<string, Set<string>>();
  for (const found of discovered.databases) {
    const name = nameOf(found, valuesOf(found));
    const database = databases.find((one) => one.name === name);
    if (database === undefined) {
      if (found.declaration.form === "named" && name !== null)
        report("TN1032", found.source, found.declaration.call, { name });
      continue;
    }
    for (const service of usersOf(found.source.relative)) {
      if (service === database.service) add(databasesOf, service, database.name);
      else
        report("TN1033", found.source, found.declaration.call, {
          service,
          name: database.name,
          owner: database.service,
        });
    }
  }
  const { secrets, secretsOf } = collectSecrets(discovered, valuesOf, usersOf, report);
  return { databases, secrets, databasesOf: sorted(databasesOf), secretsOf: sorted(secretsOf) };
}

type Report = (code: DiagnosticCode, source: SourceFile, span: Span, words?: Record<string, string>) => void;

function collectDatabases(discovered: Discovered, valuesOf: ValuesOf, report: Report): Database[] {
  const databases: Database[] = [];
  const directories = new Map(discovered.services.map((service) => [service.directory, service.name]));
  for (const found of discovered.databases) {
    const { source, declaration } = found;
    const values = valuesOf(found);
    const name = nameOf(found, values);
    if (name === null) {
      report("TN1030", source, declaration.name ?? declaration.call);
      continue;
    }
    if (declaration.form === "named") continue;
    const other = databases.find((database) => database.name === name);
    if (other !== undefined) {
      report("TN1031", source, declaration.call, { name, other: other.location.file });
      continue;
    }
    const service = nearest(source.relative, (folder) => directories.get(folder));
    if (service === undefined) {
      report("TN1034", source, declaration.call, { name });
      continue;
    }
    const migrations = migrationsOf(found, values);
    if (migrations === null) report("TN1035", source, declaration.config ?? declaration.call, { name });
    const folder = migrations == null ? {} : { migrations: posix.join(dirname(source.relative), migrations) };
    databases.push({ name, service, ...folder, location: locationOf(source, declaration.call) });
  }
  return databases.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** undefined: none; null: not a folder's path. */
function migrationsOf({ declaration }: Found<"database">, values: readonly Known[]): string | null | undefined {
  const { config } = declaration;
  if (config === null) return undefined;
  const leaves = [...leavesOf(declaration.name), ...leavesOf(config)];
  const options = evaluateOptions(config, (leaf) => values[leaves.indexOf(leaf)] ?? null);
  if (options === null) return null;
  const known = options.get("migrations")?.known;
  if (known === undefined) return undefined;
  const value: OptionValue = known?.value;
  const path =
    typeof value === "object" && value !== null && "path" in value && Object.keys(value).length === 1
      ? value.path
      : value;
  return known !== null && typeof path === "string" && !path.startsWith("/")
    ? path
    : known?.value === undefined && known !== null
      ? undefined
      : null;
}

function collectSecrets(discovered: Discovered, valuesOf: ValuesOf, usersOf: UsersOf, report: Report) {
  const secrets = new Map<string, { services: Set<string>; location: Location }>();
  const secretsOf = new Map<string, Set<string>>();
  for (const found of discovered.secrets) {
    const { source, declaration } = found;
    const name = nameOf(found, valuesOf(found));
    if (name === null) {
      report("TN1040", source, declaration.name ?? declaration.call);
      continue;
    }
    const secret = secrets.get(name) ?? { services: new Set(), location: locationOf(source, declaration.call) };
    secrets.set(name, secret);
    for (const service of usersOf(source.relative)) {
      secret.services.add(service);
      add(secretsOf, service, name);
    }
  }
  const list = [...secrets]
    .map(([name, { services, location }]): Secret => ({ name, services: [...services].sort(), location }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { secrets: list, secretsOf };
}

function nameOf(found: Found<"database"> | Found<"secret">, values: readonly Known[]): string | null {
  const { name, kind } = found.declaration;
  if (name === null) return null;
  const leaves = leavesOf(name);
  const value = evaluate(name, (leaf) => values[leaves.indexOf(leaf)] ?? null)?.value;
  const pattern = kind === "database" ? /^[a-z][a-z0-9_-]{0,62}$/ : /^[A-Za-z_]\w*$/;
  return typeof value === "string" && pattern.test(value) ? value : null;
}

function locationOf(source: SourceFile, span: Span): Location {
  const { line, column } = source.lines.at(span.start);
  return { file: source.relative, line, column };
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}

function sorted(map: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  return new Map([...map].map(([key, values]) => [key, [...values].sort()]));
}
