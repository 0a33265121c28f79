// Turns an offset in a text into the place a diagnostic names.
import type { Diagnostic } from "@tenon/model";

export type Place = Pick<Diagnostic, "file" | "line" | "column" | "endLine" | "endColumn">;

/** The whole app rather than a file. */
export const wholeApp: Place = { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };

/** `file` is relative to the app's folder. */
export function placeAt(file: string, text: string, offset: number, length: number): Place {
  const start = lineAndColumn(text, offset);
  const end = lineAndColumn(text, Math.min(offset + length, text.length));
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at !== -1; at = before.indexOf("\n", at + 1)) line++;
  return { line, column: offset - lineStart + 1 };
}
