// A diagnostic as text for a terminal: what and where, the source line with carets, and what to write instead.
import type { Diagnostic } from "@tenon/model";
import { withoutByteOrderMark } from "./place.ts";

export interface RenderOptions {
  readonly color: boolean;
}

const colors = { red: 31, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const;

/** `sourceText` is the file's text; null when it cannot be shown. No line break at the end. */
export function renderDiagnostic(diagnostic: Diagnostic, sourceText: string | null, options: RenderOptions): string {
  const paint = (color: keyof typeof colors, text: string) =>
    options.color ? `\u001b[${colors[color]}m${text}\u001b[0m` : text;
  const { code, severity, file, line, column, message, hint } = diagnostic;
  const severityColor = severity === "error" ? "red" : "yellow";
  const head = `${paint(severityColor, severity)} ${paint("dim", code)} ${paint("bold", message)}`;
  const lines = [head];
  if (file !== "") lines.push(`  ${paint("dim", "at")} ${paint("cyan", `${file}:${line}:${column}`)}`);
  if (file !== "" && sourceText !== null) {
    lines.push(
      ...codeFrame(
        diagnostic,
        sourceText,
        (text) => paint(severityColor, text),
        (text) => paint("dim", text),
      ),
    );
  }
  if (hint !== undefined) lines.push(`  ${paint("cyan", "fix:")} ${hint}`);
  return lines.join("\n");
}

/** Only the lines of code with the place marked, without colour; empty when the place is the whole app. */
export function renderCodeFrame(diagnostic: Diagnostic, sourceText: string): string {
  const plain: Paint = (text) => text;
  return diagnostic.file === "" ? "" : codeFrame(diagnostic, sourceText, plain, plain).join("\n");
}

type Paint = (text: string) => string;

function codeFrame(diagnostic: Diagnostic, sourceText: string, mark: Paint, dim: Paint): string[] {
  const sourceLines = withoutByteOrderMark(sourceText).split(/\r?\n/);
  const first = Math.max(1, diagnostic.line - 1);
  const last = Math.min(sourceLines.length, diagnostic.line + 1);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = sourceLines[number - 1] ?? "";
    frame.push(`  ${dim(`${String(number).padStart(width)} |`)} ${text}`.trimEnd());
    if (number !== diagnostic.line) continue;
    const end = diagnostic.endLine === diagnostic.line ? diagnostic.endColumn : text.length + 1;
    const length = Math.max(1, Math.min(end, text.length + 1) - diagnostic.column);
    // Tabs are kept, so that the carets stand under what they mean.
    const indent = text.slice(0, diagnostic.column - 1).replace(/[^\t]/g, " ");
    frame.push(`  ${dim(`${" ".repeat(width)} |`)} ${indent}${mark("^".repeat(length))}`);
  }
  return frame;
}
