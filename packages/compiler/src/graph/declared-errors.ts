// The errors that belong to an endpoint's contract: `api({ errors: [OutOfStock] }, ...)`, classes made with `APIError.define`.
import {
  type DeclaredError,
  type Diagnostic,
  isErrorCode,
  resolveSchema,
  type Schema,
  type Schemas,
} from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Expression, Span } from "../discover/declarations.ts";
import type { FoundEndpoint } from "../discover/discover.ts";
import type { Signature } from "../schema/unit.ts";
import { renameRefs } from "./name-schemas.ts";

/** The items of the list as they are written; a list that is not written in place has none. */
export function errorItems(
  options: Expression | null,
): readonly { readonly isSpread: boolean; readonly node: Expression }[] {
  const written = errorList(options);
  return written?.kind === "array" ? written.items : [];
}

function errorList(options: Expression | null): Expression | null {
  if (options?.kind !== "object") return null;
  return options.entries.findLast((one) => one.kind === "property" && one.key === "errors")?.node ?? null;
}

export interface DeclaredErrorsContext {
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

export function declaredErrors(
  { source, declaration }: FoundEndpoint,
  signature: Signature | null,
  { schemas, rename, diagnostics }: DeclaredErrorsContext,
): DeclaredError[] {
  const report = (span: Span) =>
    diagnostics.push(createDiagnostic("TN1154", source.lines.place(source.relative, span), {}));
  const list = errorList(declaration.options);
  if (list !== null && list.kind !== "array") report(list);
  const errors: DeclaredError[] = [];
  for (const [i, { node, isSpread }] of errorItems(declaration.options).entries()) {
    const part = (name: string) => signature?.types[`errors[${i}].${name}`];
    const [code, type] = [literalOf(part("code")), literalOf(part("type"))];
    const written = part("details");
    if (isSpread || !isErrorCode(code) || type === undefined) {
      report(node);
      continue;
    }
    const details = written == null ? null : renameRefs(written, rename);
    const resolved = details === null ? null : resolveSchema(details, schemas);
    const isEmpty = resolved?.kind === "object" && resolved.properties.length === 0 && resolved.index === undefined;
    errors.push({ code, type, ...(details === null || isEmpty ? {} : { details }) });
  }
  return errors;
}

function literalOf(schema: Schema | null | undefined): string | undefined {
  return schema?.kind === "literal" && typeof schema.value === "string" ? schema.value : undefined;
}
