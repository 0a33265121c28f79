// One endpoint's declaration and types -> its entry in the graph.
import type { Diagnostic, Endpoint, ObjectSchema, Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import { hasSchema } from "../discover/api.ts";
import type { FoundEndpoint } from "../discover/discover.ts";
import { isWrittenForEncore } from "../discover/written-for-encore.ts";
import type { Signature, UnitResult } from "../schema/unit.ts";
import { declaredErrors } from "./declared-errors.ts";
import { readEndpointOptions } from "./endpoint-options.ts";
import { kindOf, messagesOf } from "./messages.ts";
import { renameRefs } from "./name-schemas.ts";
import { checkResponseFields, placeFields } from "./request-fields.ts";
import { readStaticFiles } from "./static-files.ts";

export interface EndpointContext {
  readonly service: string;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
  /** Places in types that have been reported: a type that many endpoints use is wrong once. */
  readonly reported: Set<string>;
}

export function createEndpoint(found: FoundEndpoint, result: UnitResult, context: EndpointContext): Endpoint {
  const { source, declaration, name } = found;
  const place = source.lines.place(source.relative, declaration.binding ?? declaration.call);
  const report = (code: DiagnosticCode, words: Record<string, string> = {}) =>
    context.diagnostics.push(createDiagnostic(code, place, words));

  const options = readEndpointOptions(found, context.service, result.values, context.diagnostics);
  const { signature } = result;
  const kind = kindOf(declaration.endpointKind, signature);
  const hasTypes = kind !== "raw" && kind !== "static";
  if (signature === null && hasTypes) report("TN1212", { name });
  if (signature?.isGeneric) report("TN1209");
  for (const problem of signature?.problems ?? []) {
    const { code, root, path, detail } = problem;
    // Encore.ts sends nothing where no type is written, so that nothing in it can be wrong.
    if (root === "response" && !declaration.hasResponseType && isWrittenForEncore(source)) {
      report("TN1220", { name, path });
      continue;
    }
    const once = JSON.stringify([code, problem.place]);
    if (problem.place !== null && context.reported.has(once)) continue;
    context.reported.add(once);
    context.diagnostics.push(createDiagnostic(code, problem.place ?? place, { path, detail }));
  }
  const rename = (schema: Schema | null) => (schema === null ? null : renameRefs(schema, context.rename));
  const request = rename(signature?.types["request"] ?? null);
  const response = rename(signature?.types["response"] ?? null);
  const requestObject =
    signature === null || signature.isGeneric ? null : objectRequest(request, signature, context, report);
  const isReadable = signature !== null && !signature.isGeneric && (request === null || requestObject !== null);
  const fields = isReadable
    ? placeFields(
        requestObject,
        options.path,
        options.methods,
        context.schemas,
        report,
        hasSchema(declaration.options, "request"),
      )
    : [];
  const errors = declaredErrors(found, signature, context);
  checkResponseFields(response, context.schemas, report);
  const messages = signature === null ? {} : messagesOf(name, kind, signature, rename, report);
  return {
    name,
    kind,
    ...(signature?.description === undefined ? {} : { description: signature.description }),
    ...options,
    ...(request === null ? {} : { request }),
    fields,
    ...(response === null ? {} : { response }),
    ...(errors.length === 0 ? {} : { errors }),
    ...(kind === "static" ? { static: readStaticFiles(found, result.values, options.path, context.diagnostics) } : {}),
    ...messages,
    location: { file: source.relative, line: place.line, column: place.column },
  };
}

function objectRequest(
  request: Schema | null,
  signature: Signature,
  { schemas }: EndpointContext,
  report: (code: DiagnosticCode, words?: Record<string, string>) => void,
): ObjectSchema | null {
  if (request === null) return null;
  const resolved = resolveSchema(request, schemas);
  if (resolved.kind === "object") return resolved;
  const isRefused = signature.problems.some(({ path }) => path === "request");
  // A request that already has a problem as a whole came out as `any`; saying so would only distract.
  if (isRefused) return null;
  const isUnionOfObjects =
    resolved.kind === "union" &&
    resolved.options.every((option) => ["object", "union"].includes(resolveSchema(option, schemas).kind));
  if (isUnionOfObjects) report("TN1211");
  else report("TN1210", { detail: nouns[resolved.kind] ?? `a ${resolved.kind}` });
  return null;
}

const nouns: Partial<Record<Schema["kind"], string>> = {
  any: "any or unknown",
  array: "an array",
  enum: "an enum",
  undefined: "undefined",
  null: "null",
};
