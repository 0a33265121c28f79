// The auth handlers of an app: what each takes of a request, and what it makes of it.
import type { AuthHandler, Diagnostic, RequestField, Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import { authHandlerNames } from "../discover/auth-handler-names.ts";
import type { Discovered, Found, FoundService } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import { renameRefs } from "./name-schemas.ts";
import { checkRequestField } from "./request-fields.ts";

export interface AuthHandlersInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
  /** Places in types that have been reported. */
  readonly reported: Set<string>;
}

export interface CollectedHandler {
  readonly found: Found<"resource">;
  readonly handler: AuthHandler;
}

/** Sorted by name. */
export function collectAuthHandlers(input: AuthHandlersInput): CollectedHandler[] {
  const { services } = input.discovered;
  const names = authHandlerNames(services);
  const handlers = services.flatMap((service) =>
    service.resources
      .filter(({ declaration }) => declaration.type === "auth-handler")
      .map((found) => ({ found, handler: authHandlerOf(found, service, names.get(found.declaration)!, input) })),
  );
  return handlers.sort((a, b) => (a.handler.name < b.handler.name ? -1 : 1));
}

function authHandlerOf(
  found: Found<"resource">,
  service: FoundService,
  name: string,
  input: AuthHandlersInput,
): AuthHandler {
  const { source, declaration } = found;
  const { schemas, diagnostics, reported } = input;
  const { signature } = input.resultOf(found);
  const place = source.lines.place(source.relative, declaration.binding ?? declaration.call);
  const report = (code: DiagnosticCode, words: Record<string, string> = {}) =>
    diagnostics.push(createDiagnostic(code, place, words));
  if (signature === null) report("TN1208", { path: `the auth handler ${name}` });
  // A function without parameters takes `object`, as far as TypeScript is concerned.
  const takesNothing = signature?.problems.some(({ code, path }) => code === "TN1207" && path === "params") === true;
  if (takesNothing) report("TN1142");
  for (const problem of signature?.problems ?? []) {
    if (takesNothing && problem.path === "params") continue;
    const once = JSON.stringify([problem.code, problem.place]);
    if (problem.place !== null && reported.has(once)) continue;
    reported.add(once);
    const words = { path: problem.path, detail: problem.detail };
    diagnostics.push(createDiagnostic(problem.code, problem.place ?? place, words));
  }
  const schemaOf = (role: string): Schema => {
    const schema = signature?.types[role];
    return schema == null ? { kind: "object", properties: [] } : renameRefs(schema, input.rename);
  };
  const params = schemaOf("params");
  const data = schemaOf("data");
  const isReadable = signature !== null && signature.problems.length === 0;
  const fields = isReadable ? placeParams(params, schemas, report) : [];
  if (isReadable && resolveSchema(data, schemas).kind !== "object") report("TN1144");
  const { line, column } = place;
  return { name, service: service.name, params, fields, data, location: { file: source.relative, line, column } };
}

type Report = (code: DiagnosticCode, words?: Record<string, string>) => void;

function placeParams(params: Schema, schemas: Schemas, report: Report): RequestField[] {
  const object = resolveSchema(params, schemas);
  if (object.kind !== "object" || object.properties.length === 0) {
    report("TN1142");
    return [];
  }
  return object.properties.flatMap((property) => {
    const field = checkRequestField(property, schemas, report);
    if (field === null) report("TN1143", { field: property.name });
    return field ?? [];
  });
}
