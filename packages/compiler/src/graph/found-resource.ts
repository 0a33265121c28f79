// A declared database or secret as it was found: its name, its place, and how to ask about it.
import type { Location } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import type { Span } from "../discover/declarations.ts";
import type { Found } from "../discover/discover.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import { evaluate, type Known, leavesOf } from "../schema/option-value.ts";

/** Which services have a file in their closure, by the file's relative path. */
export type UsersOf = (relativeFile: string) => readonly string[];

/** What the checker knows of the declaration's options. */
export type ValuesOf = (found: Found<"database"> | Found<"secret">) => readonly Known[];

export type Report = (code: DiagnosticCode, source: SourceFile, span: Span, words?: Record<string, string>) => void;

/** null: not known at compile time, or not a name. */
export function nameOf(found: Found<"database"> | Found<"secret">, values: readonly Known[]): string | null {
  const { name, kind } = found.declaration;
  if (name === null) return null;
  const leaves = leavesOf(name);
  const value = evaluate(name, (leaf) => values[leaves.indexOf(leaf)] ?? null)?.value;
  const pattern = kind === "database" ? /^[A-Za-z_][\w-]{0,62}$/ : /^[A-Za-z_]\w*$/;
  return typeof value === "string" && pattern.test(value) ? value : null;
}

export function locationOf(source: SourceFile, span: Span): Location {
  const { line, column } = source.lines.at(span.start);
  return { file: source.relative, line, column };
}
