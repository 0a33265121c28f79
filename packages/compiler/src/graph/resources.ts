// Databases and secrets: their names and settings, who owns them and who uses them.
import type { Database, Diagnostic, Location, Secret } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Span } from "../discover/declarations.ts";
import type { Discovered } from "../discover/discover.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import { collectDatabases } from "./databases.ts";
import { locationOf, nameOf, type Report, type UsersOf, type ValuesOf } from "./found-resource.ts";

export interface Resources {
  readonly databases: readonly Database[];
  readonly secrets: readonly Secret[];
  /** Service -> names. */
  readonly databasesOf: ReadonlyMap<string, readonly string[]>;
  readonly secretsOf: ReadonlyMap<string, readonly string[]>;
}

export function collectResources(
  discovered: Discovered,
  valuesOf: ValuesOf,
  usersOf: UsersOf,
  diagnostics: Diagnostic[],
): Resources {
  const report = (code: DiagnosticCode, source: SourceFile, span: Span, words: Record<string, string> = {}) =>
    diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  const { databases, databasesOf } = collectDatabases(discovered, valuesOf, usersOf, report);
  const { secrets, secretsOf } = collectSecrets(discovered, valuesOf, usersOf, report);
  return { databases, secrets, databasesOf: sorted(databasesOf), secretsOf: sorted(secretsOf) };
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

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}

function sorted(map: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  return new Map([...map].map(([key, values]) => [key, [...values].sort()]));
}
