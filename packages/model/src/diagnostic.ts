// What the compiler says about a program that is wrong: a stable code, a place, the reason, and what to write instead.

/** The shape that `tenon check --json` prints, one a line. Lines and columns count from 1; the end is exclusive. */
export interface Diagnostic {
  /** "TN1042" for ours, "TS2345" for TypeScript's own. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Relative to the app's folder, with forward slashes; empty when it concerns the whole app. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}
