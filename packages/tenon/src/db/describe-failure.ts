// A failed statement for people: what the server said, and where in the text.
import { locate, renderCodeFrame } from "@tenon/runtime/console";
import { DatabaseError } from "@tenon/runtime";

/** `text`: the statement. Rethrows what is no answer of the server to it. */
export function describeStatementFailure(error: unknown, text: string): string {
  if (!(error instanceof DatabaseError) || error.sqlState === undefined) throw error;
  const { message } = error.cause as Error;
  const { detail, hint } = error.cause as { detail?: string; hint?: string };
  const lines = [`ERROR ${error.sqlState}: ${message}`];
  if (error.position !== undefined) lines.push(renderCodeFrame(text, locate(text, error.position)));
  if (detail !== undefined) lines.push(`DETAIL: ${detail}`);
  if (hint !== undefined) lines.push(`HINT: ${hint}`);
  return lines.join("\n");
}
