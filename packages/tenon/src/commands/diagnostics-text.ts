// Diagnostics as text for the terminal, each with the lines of source it is about.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderCodeFrame, renderDiagnostic } from "@tenon/compiler";
import type { Diagnostic } from "@tenon/model";
import { hasColor } from "../terminal-style.ts";

/** Empty when there are none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], appDir: string): string {
  return diagnostics
    .map((diagnostic) => `${renderDiagnostic(diagnostic, sourceOf(diagnostic, appDir), { color: hasColor })}\n`)
    .join("");
}

/** The code of one diagnostic with the place marked, without colour. */
export function renderFrame(diagnostic: Diagnostic, appDir: string): string {
  return renderCodeFrame(diagnostic, sourceOf(diagnostic, appDir));
}

function sourceOf(diagnostic: Diagnostic, appDir: string): string {
  if (diagnostic.file === "") return "";
  try {
    return readFileSync(join(appDir, diagnostic.file), "utf8");
  } catch {
    // Deleted since: the text alone must do.
    return "";
  }
}
