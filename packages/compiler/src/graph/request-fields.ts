// Decides where each field of a request is found on the public HTTP side, and refuses types that the place cannot carry.
import type { HttpMethod, ObjectSchema, Path, Property, RequestField, Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { parameterNames } from "./path.ts";

/** Their requests have no body; all fields that are nowhere else are in the query. */
export const queryMethods: ReadonlySet<HttpMethod> = new Set(["GET", "DELETE", "HEAD", "OPTIONS", "TRACE"]);

type Report = (code: DiagnosticCode, words: Record<string, string>) => void;

/**
 * An endpoint with methods of both kinds has its fields in the body. A request of the other kind that brings no body has them in the
 * query, as far as a query can carry their types; the emitted decoder sees to it.
 */
export function placeFields(
  request: ObjectSchema | null,
  path: Path,
  methods: readonly HttpMethod[],
  schemas: Schemas,
  report: Report,
  /** A schema of a validation library decides about values that may be anything: `z.coerce.number()`. */
  takesAny = false,
): RequestField[] {
  const parameters = new Set(parameterNames(path));
  const isQuery = methods.every((method) => queryMethods.has(method));
  const fields: RequestField[] = [];
  for (const property of request?.properties ?? []) {
    const { name } = property;
    if (parameters.has(name)) {
      if (!isPathType(property, schemas, takesAny))
        report("TN1019", { parameter: name, actual: describe(property, schemas) });
      fields.push({ name, in: "path", wireName: name });
      continue;
    }
    const placed = checkRequestField(property, schemas, report, takesAny);
    if (placed !== null) {
      fields.push(placed);
    } else if (isQuery) {
      checkQuery(property, schemas, report, takesAny);
      fields.push({ name, in: "query", wireName: name });
    } else {
      fields.push({ name, in: "body", wireName: name });
    }
  }
  for (const parameter of parameters) {
    if (!fields.some(({ name }) => name === parameter)) report("TN1018", { parameter });
  }
  if (isQuery && request?.index !== undefined) report("TN1024", { method: methods[0]! });
  reportSharedNames(fields, report);
  return fields;
}

/** The header and cookie fields of a response are under the same rules; only one field can say the status. */
export function checkResponseFields(response: Schema | null, schemas: Schemas, report: Report): void {
  const resolved = response === null ? null : resolveSchema(response, schemas);
  if (resolved?.kind !== "object") return;
  const statuses: string[] = [];
  const cookies: RequestField[] = [];
  for (const property of resolved.properties) {
    const { name, placement } = property;
    if (placement?.in === "header") checkHeader(property, schemas, report);
    if (placement?.in === "status") statuses.push(name);
    if (placement?.in !== "cookie") continue;
    checkCookie(property, schemas, report);
    cookies.push({ name, in: "cookie", wireName: placement.name });
  }
  reportSharedNames(cookies, report);
  if (statuses.length > 1) report("TN1067", { field: statuses[0]!, other: statuses[1]! });
}

/** Where a field with a place of its own is found; null: it has none outside of the body. */
export function checkRequestField(
  property: Property,
  schemas: Schemas,
  report: Report,
  takesAny = false,
): RequestField | null {
  const { name, placement } = property;
  switch (placement?.in) {
    case "header":
      checkHeader(property, schemas, report, takesAny);
      return { name, in: "header", wireName: placement.name.toLowerCase() };
    case "cookie":
      checkCookie(property, schemas, report, takesAny);
      return { name, in: "cookie", wireName: placement.name };
    case "query":
      checkQuery(property, schemas, report, takesAny);
      return { name, in: "query", wireName: placement.name };
    default:
      return null;
  }
}

function checkQuery(property: Property, schemas: Schemas, report: Report, takesAny: boolean): void {
  if (isQueryType(property.schema, schemas, takesAny)) return;
  report("TN1020", { field: property.name, actual: describe(property, schemas) });
}

function checkHeader(property: Property, schemas: Schemas, report: Report, takesAny = false): void {
  const { name, placement, schema } = property;
  if (!/^[A-Za-z0-9-]+$/.test(placement!.name)) report("TN1023", { name: placement!.name, field: name });
  if (!isScalar(schema, schemas, takesAny)) report("TN1021", { field: name, actual: describe(property, schemas) });
}

/** A token (RFC 6265, 4.1.1); its value is a scalar as in a header. */
function checkCookie(property: Property, schemas: Schemas, report: Report, takesAny = false): void {
  const { name, placement } = property;
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(placement!.name)) report("TN1068", { name: placement!.name, field: name });
  const value = cookieValue(property.schema, schemas);
  if (value === null || !isScalar(value, schemas, takesAny)) {
    report("TN1069", { field: name, actual: value === null ? "no value" : resolveSchema(value, schemas).kind });
  }
}

/** The type of `.value` of a cookie field; null when it has none. */
export function cookieValue(schema: Schema, schemas: Schemas): Schema | null {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.kind === "union") {
    const options = resolved.options.map((option) => cookieValue(option, schemas)).filter((value) => value !== null);
    return options.length === 1 ? options[0]! : null;
  }
  if (resolved.kind !== "object") return null;
  return resolved.properties.find(({ name }) => name === "value")?.schema ?? null;
}

function reportSharedNames(fields: readonly RequestField[], report: Report): void {
  const seen = new Set<string>();
  for (const field of fields) {
    if (field.in !== "header" && field.in !== "cookie") continue;
    const key = `${field.in} ${field.wireName}`;
    if (seen.has(key)) {
      report(field.in === "header" ? "TN1023" : "TN1068", { name: field.wireName, field: field.name });
    }
    seen.add(key);
  }
}

function isPathType({ schema, optional }: Property, schemas: Schemas, takesAny: boolean): boolean {
  const isUrl = resolveSchema(schema, schemas).kind === "url";
  return (!optional || takesAny) && !isUrl && isScalar(schema, schemas, takesAny);
}

function isScalar(schema: Schema, schemas: Schemas, takesAny: boolean): boolean {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
    case "decimal":
    case "date":
    case "url":
    case "literal":
    case "bigint-literal":
    case "enum":
      return true;
    case "union":
      return resolved.options.every((option) => isScalar(option, schemas, takesAny));
    case "any":
      return takesAny;
    default:
      return false;
  }
}

export function isQueryType(schema: Schema, schemas: Schemas, takesAny = false): boolean {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.kind === "array" || resolved.kind === "set") return isScalar(resolved.items, schemas, takesAny);
  if (resolved.kind !== "union") return isScalar(resolved, schemas, takesAny);
  return resolved.options.every((option) => isQueryType(option, schemas, takesAny));
}

function describe({ schema, optional }: Property, schemas: Schemas): string {
  const { kind } = resolveSchema(schema, schemas);
  const what = kind === "map" ? "Map" : kind === "any" ? "any or unknown" : kind;
  return optional ? `optional ${what}` : what;
}
