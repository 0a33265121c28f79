// Turns PostgreSQL's position in a text into line and column, and shows the lines around it.

export interface LinePosition {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

const linesAround = 2;

/** `position` counts characters (not UTF-16 units) from 1. */
export function locate(text: string, position: number): LinePosition {
  const before = [...text].slice(0, position - 1).join("");
  const lines = before.split("\n");
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}

/**
 *   2 | CREATE TABLE users (
 * > 3 |   id bigint PRIMRY KEY
 *     |             ^
 */
export function renderCodeFrame(text: string, { line, column }: LinePosition): string {
  const lines = text.split("\n");
  const first = Math.max(1, line - linesAround);
  const last = Math.min(lines.length, line + linesAround);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const content = lines[number - 1]!;
    frame.push(`${number === line ? ">" : " "} ${String(number).padStart(width)} | ${content}`.trimEnd());
    if (number !== line) continue;
    // Tabs stay tabs, so that the mark stands under its place.
    const indent = [...content].slice(0, column - 1).map((character) => (character === "\t" ? "\t" : " "));
    frame.push(`  ${" ".repeat(width)} | ${indent.join("")}^`);
  }
  return frame.join("\n");
}
