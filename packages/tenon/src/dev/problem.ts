// What a person has to know when something does not work, made from whatever was thrown.
import type { Diagnostic } from "@tenon/model";

/** Something that keeps the last edit from being served, or that a person should know. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly diagnostics?: readonly Diagnostic[];
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: "unknown", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "internal";
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { code, message: error.message, hint };
}
