// Finds the databases whose migrations folder is not there, before anything is run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic, Graph } from "@tenon/model";
import { appDiagnostic } from "./app-diagnostics.ts";

export function missingMigrations(appDir: string, graph: Graph): Diagnostic[] {
  return graph.databases.flatMap(({ name, migrations, location }) => {
    if (migrations === undefined || existsSync(join(appDir, migrations))) return [];
    const { file, line, column } = location;
    const place = { file, line, column, endLine: line, endColumn: column };
    return [appDiagnostic("TN1825", place, { database: name, folder: migrations })];
  });
}
