// Makes a Diagnostic from a code of the catalogue, a place, and the words that fill the message.
import type { Diagnostic } from "@tenon/model";
import { catalogue, type DiagnosticCode } from "./catalogue.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import type { Place } from "./place.ts";

export function createDiagnostic(
  code: DiagnosticCode,
  place: Place,
  words: Readonly<Record<string, string>> = {},
): Diagnostic {
  const { severity, message, hint }: CatalogueEntry = catalogue[code];
  return { code, severity, ...place, message: fill(message, words), hint: fill(hint, words) };
}

export function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => words[name] ?? placeholder);
}

/** One of each, by file and place, so that the same program gives the same list. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...unique.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
