// Turns what the bundler complains about into diagnostics with the place in the user's file.
import { existsSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import type { Diagnostic } from "@tenon/model";
import type { RolldownLog } from "rolldown";
import { appDiagnostic } from "../app/app-diagnostics.ts";
import { LineIndex, type Place, wholeApp } from "../diagnose/place.ts";

export function bundleDiagnostic(log: RolldownLog, service: string, appDir: string): Diagnostic {
  const reason = firstLine(log.message);
  const specifier = log.code === "UNRESOLVED_IMPORT" ? (log.exporter ?? quoted(reason)) : "";
  const place = placeOf(log, specifier === "" ? 0 : specifier.length + 2, appDir);
  switch (log.code) {
    case "UNRESOLVED_IMPORT":
      return appDiagnostic("TN1821", place, { specifier, advice: adviceFor(specifier) });
    case "MISSING_EXPORT":
      return appDiagnostic("TN1822", place, { reason });
    case "PARSE_ERROR":
      return appDiagnostic("TN1823", place, { reason });
    default:
      return appDiagnostic("TN1824", place, { service, reason });
  }
}

function adviceFor(specifier: string): string {
  if (specifier.startsWith(".")) return "Check the path: it is relative to the importing file.";
  if (/^(?:~?tenon|~encore|encore\.dev)\b/.test(specifier)) return "Tenon has no such module, or not yet.";
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return `Install the package (\`npm install ${name}\`), or check "paths" in tsconfig.json.`;
}

/** A failed build throws one error that holds the single ones. */
export function logsOfFailure(failure: unknown): RolldownLog[] {
  if (failure instanceof Error && "errors" in failure && Array.isArray(failure.errors)) {
    return failure.errors as RolldownLog[];
  }
  return [{ message: failure instanceof Error ? failure.message : String(failure) }];
}

/** The bundler draws its own code frame below the first line; ours is drawn when the diagnostic is shown. */
function firstLine(message: string): string {
  return message.split("\n", 1)[0]!.replace(/^\[[A-Z_]+\] /, "");
}

function quoted(text: string): string {
  return /'([^']+)'/.exec(text)?.[1] ?? "";
}

function placeOf(log: RolldownLog, length: number, appDir: string): Place {
  const file = log.loc?.file ?? log.id;
  if (file === undefined || !existsSync(file)) return wholeApp;
  const shown = relative(appDir, file).split(sep).join("/");
  const text = readFileSync(file, "utf8");
  const start = log.loc === undefined ? 0 : offsetOf(text, log.loc.line, log.loc.column);
  return new LineIndex(text).place(shown, { start, end: start + length });
}

/** Lines count from 1, columns from 0, both in UTF-16 units. */
function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let count = 1; count < line; count++) {
    const next = text.indexOf("\n", offset);
    if (next === -1) break;
    offset = next + 1;
  }
  return offset + column;
}
