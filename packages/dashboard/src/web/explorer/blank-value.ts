// The value that a form begins with: what must be there is there, as its documentation shows it, else empty; what may be left out is
// left out.
import { type Property, resolveSchema, type Schema, type Schemas } from "@tenon/model";

/** As JSON on the wire; undefined: left out. */
export function blankValue(schema: Schema, schemas: Schemas): unknown {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "string":
    case "date":
    case "bytes":
    case "url":
      return "";
    case "number":
      return 0;
    case "bigint":
    case "decimal":
      return "0";
    case "boolean":
      return false;
    case "literal":
    case "bigint-literal":
      return resolved.value;
    case "enum":
      return resolved.values[0];
    case "array":
    case "set":
      return [];
    case "tuple": {
      const items = [...resolved.items.filter(({ optional }) => !optional), ...(resolved.suffix ?? [])];
      return items.map((item) => blankValue(item.schema, schemas));
    }
    case "map":
      return isTextKey(resolved.key, schemas) ? {} : [];
    case "object":
      return blankObject(resolved.properties, schemas);
    case "union":
      return resolved.options.length === 0 ? null : blankValue(resolved.options[0]!, schemas);
    case "undefined":
      return undefined;
    default:
      return null;
  }
}

export function blankObject(properties: readonly Property[], schemas: Schemas): Record<string, unknown> {
  const required = properties.filter(({ optional }) => !optional);
  return Object.fromEntries(
    required.map(({ name, schema, examples }) => [name, examples?.[0] ?? blankValue(schema, schemas)]),
  );
}

/** A map with such keys is an object on the wire, any other a list of pairs. */
export function isTextKey(key: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(key, schemas);
  if (resolved.kind === "literal") return typeof resolved.value === "string";
  if (resolved.kind === "enum") return resolved.values.every((value) => typeof value === "string");
  if (resolved.kind === "union") return resolved.options.every((option) => isTextKey(option, schemas));
  return resolved.kind === "string";
}

/** Which option of a union a value is of; what cannot be told is the first. */
export function optionOf(value: unknown, options: readonly Schema[], schemas: Schemas): number {
  const fits = options.map((option) => fit(value, option, schemas));
  const best = Math.max(...fits);
  return best <= 0 ? 0 : fits.indexOf(best);
}

/** 0: not at all; more: better. */
function fit(value: unknown, schema: Schema, schemas: Schemas): number {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "null":
      return value === null ? 2 : 0;
    case "undefined":
      return value === undefined ? 2 : 0;
    case "literal":
      return value === resolved.value ? 3 : 0;
    case "enum":
      return (resolved.values as readonly unknown[]).includes(value) ? 3 : 0;
    case "number":
    case "boolean":
      return typeof value === resolved.kind ? 1 : 0;
    case "array":
    case "set":
    case "tuple":
      return Array.isArray(value) ? 1 : 0;
    case "object":
      return objectFit(value, resolved.properties, schemas);
    case "union":
      return Math.max(0, ...resolved.options.map((option) => fit(value, option, schemas)));
    case "map":
    case "any":
      return typeof value === "object" && value !== null ? 1 : 0;
    default:
      return typeof value === "string" ? 1 : 0;
  }
}

function objectFit(value: unknown, properties: readonly Property[], schemas: Schemas): number {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return 0;
  const own = value as Record<string, unknown>;
  let score = 1;
  for (const { name, schema, optional } of properties) {
    const isLiteral = ["literal", "enum"].includes(resolveSchema(schema, schemas).kind);
    if (isLiteral && !optional && fit(own[name], schema, schemas) === 0) return 0;
    if (name in own) score += 1;
    else if (!optional) score -= 1;
  }
  return Math.max(score, 0);
}
