// Something in a type that cannot cross a wire, before it is known where to point.
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import type { DeclarationKey } from "../source/type-source.ts";

export interface Problem {
  readonly code: DiagnosticCode;
  /** Inside the type: "User.settings[].onChange". */
  readonly path: string;
  /** The class, type parameter or kind of thing that is in the way. */
  readonly detail: string;
  /** The nearest declaration: a property or a named type. */
  readonly declaration: DeclarationKey | null;
}
