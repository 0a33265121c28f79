// JSON Schema (draft 2020-12) of what a schema is on the wire: for OpenAPI, the dashboard's forms, and anybody else's validator.
import type { ObjectSchema, Schema, Schemas, TupleItem } from "./schema.ts";
import { escapePattern, withRules } from "./rule-keywords.ts";
import { resolveSchema } from "./schema.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * Definitions reached by reference are in `$defs` under their names. Formats beyond the standard's: `bigint` and `decimal` (digits) and
 * `byte` (base64). Bounds of those two are under `x-minimum` and its like, as JSON Schema has bounds for JSON numbers only. What JSON Schema cannot say is left out: no duplicate keys of a Map, and the exact place of tuple items behind a rest.
 */
export function toJsonSchema(schema: Schema, schemas: Schemas): JsonSchema {
  const names = new Set<string>();
  const root = convert(schema, schemas, names);
  // The set grows while its definitions are converted; a Set is iterated to its new end.
  const converted = new Map<string, JsonSchema>();
  for (const name of names) converted.set(name, convert(resolveSchema({ kind: "ref", name }, schemas), schemas, names));
  if (converted.size === 0) return root;
  const sorted = [...converted].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...root, $defs: Object.fromEntries(sorted) };
}

function convert(schema: Schema, schemas: Schemas, names: Set<string>): JsonSchema {
  const inner = (child: Schema) => convert(child, schemas, names);
  switch (schema.kind) {
    case "string": {
      const template = schema.pattern === undefined ? {} : { pattern: withoutDotAll(schema.pattern) };
      return withRules({ type: "string", ...template }, schema);
    }
    case "number":
      return withRules({ type: "number" }, schema);
    case "decimal":
      return withRules(
        { type: "string", format: "decimal", pattern: "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$", maxLength: 4096 },
        schema,
      );
    case "boolean":
    case "null":
      return { type: schema.kind };
    case "literal":
      return { const: schema.value };
    case "bigint-literal":
      return { const: schema.value };
    case "enum":
      return { enum: schema.values };
    case "bigint":
      return withRules({ type: "string", format: "bigint", pattern: "^(0|-?[1-9][0-9]*)$", maxLength: 4096 }, schema);
    case "date":
      return { type: "string", format: "date-time" };
    case "bytes":
      return { type: "string", format: "byte", contentEncoding: "base64" };
    case "url":
      return { type: "string", format: "uri" };
    case "any":
      return {};
    case "never":
    case "undefined":
      return { not: {} };
    case "array":
      return withRules({ type: "array", items: itemOf(schema.items, false, schemas, inner) }, schema);
    case "set":
      return withRules(
        { type: "array", items: itemOf(schema.items, false, schemas, inner), ...uniqueOf(schema.items, schemas) },
        schema,
      );
    case "tuple":
      return tupleOf(schema, schemas, inner);
    case "object":
      return objectOf(schema, schemas, inner);
    case "map":
      return withRules(mapOf(schema, schemas, inner), schema);
    case "union":
      return unionOf(schema.options.filter((option) => !isNothing(option)).map(inner));
    case "ref":
      names.add(schema.name);
      return { $ref: `#/$defs/${encodeURIComponent(schema.name.replaceAll("~", "~0").replaceAll("/", "~1"))}` };
  }
}

type Convert = (schema: Schema) => JsonSchema;

function isNothing(schema: Schema): boolean {
  return schema.kind === "undefined" || schema.kind === "never";
}

function unionOf(options: readonly JsonSchema[]): JsonSchema {
  return options.length === 1 ? options[0]! : { anyOf: options };
}

/** Whether a value of the schema may be absent altogether. */
function canBeAbsent(schema: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.kind === "union") return resolved.options.some((option) => canBeAbsent(option, schemas));
  return resolved.kind === "undefined" || resolved.kind === "any";
}

/** Among items undefined is written as null. */
function itemOf(schema: Schema, optional: boolean, schemas: Schemas, inner: Convert): JsonSchema {
  const item = inner(schema);
  return optional || canBeAbsent(schema, schemas) ? { anyOf: [item, { type: "null" }] } : item;
}

const comparedByValue = new Set(["string", "number", "boolean", "literal", "bigint", "bigint-literal", "enum", "null"]);

/** Objects and dates are distinct members of a Set even when they look the same. */
function uniqueOf(items: Schema, schemas: Schemas): JsonSchema {
  const resolved = resolveSchema(items, schemas);
  const options = resolved.kind === "union" ? resolved.options : [resolved];
  const unique = options.every((option) => comparedByValue.has(resolveSchema(option, schemas).kind));
  return unique ? { uniqueItems: true } : {};
}

function tupleOf(tuple: Extract<Schema, { kind: "tuple" }>, schemas: Schemas, inner: Convert): JsonSchema {
  const item = (each: TupleItem) => itemOf(each.schema, each.optional, schemas, inner);
  const prefix = tuple.items.map(item);
  const rest = tuple.rest === undefined ? undefined : itemOf(tuple.rest, false, schemas, inner);
  const suffix = (tuple.suffix ?? []).map(item);
  const required = suffix.length > 0 ? tuple.items.length : tuple.items.filter((each) => !each.optional).length;
  const behind = [...(rest === undefined ? [] : [rest]), ...suffix];
  return {
    type: "array",
    ...(prefix.length > 0 && { prefixItems: prefix }),
    items: behind.length === 0 ? false : unionOf(behind),
    minItems: required + suffix.length,
    ...(rest === undefined && suffix.length > 0 && { maxItems: tuple.items.length + suffix.length }),
  };
}

function objectOf(schema: ObjectSchema, schemas: Schemas, inner: Convert): JsonSchema {
  const required = schema.properties.filter((property) => !property.optional && !canBeAbsent(property.schema, schemas));
  const properties = schema.properties.map(({ name, schema: child, description, default: byDefault, examples }) => {
    const beside = {
      ...(description !== undefined && { description }),
      ...(byDefault !== undefined && { default: byDefault }),
      ...(examples !== undefined && { examples }),
    };
    return [name, { ...inner(child), ...beside }] as const;
  });
  return {
    type: "object",
    ...(schema.description !== undefined && { description: schema.description }),
    ...(schema.examples !== undefined && { examples: schema.examples }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required: required.map((property) => property.name) }),
    ...(schema.index !== undefined && indexOf(schema, schema.index, schemas, inner)),
  };
}

type Index = NonNullable<ObjectSchema["index"]>;

function indexOf({ properties }: ObjectSchema, index: Index, schemas: Schemas, inner: Convert): JsonSchema {
  if (index.some(({ key }) => hasRules(key, schemas))) return ruledIndexOf(properties, index, inner);
  const patterns: [string, JsonSchema][] = [];
  let rest: JsonSchema | false = false;
  for (const { key, value } of index) {
    const pattern = keyPattern(key, schemas);
    if (pattern === null) rest = inner(value);
    else patterns.push([pattern, inner(value)]);
  }
  return {
    ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
    additionalProperties: rest,
  };
}

/** Names under rules: which of them are allowed is said apart from what they hold. */
function ruledIndexOf(properties: ObjectSchema["properties"], index: Index, inner: Convert): JsonSchema {
  const named = properties.length === 0 ? [] : [{ enum: properties.map(({ name }) => name) }];
  return {
    propertyNames: unionOf([...named, ...index.map(({ key }) => inner(key))]),
    additionalProperties: unionOf(index.map(({ value }) => inner(value))),
  };
}

function hasRules(key: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(key, schemas);
  if (resolved.kind === "union") return resolved.options.some((option) => hasRules(option, schemas));
  return resolved.kind === "string" && resolved.rules !== undefined;
}

/** A regular expression for property names; null: any name. */
function keyPattern(key: Schema, schemas: Schemas): string | null {
  const resolved = resolveSchema(key, schemas);
  switch (resolved.kind) {
    case "string":
      return resolved.pattern === undefined ? null : withoutDotAll(resolved.pattern);
    case "number":
      return "^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?$";
    case "literal":
      return `^${escapePattern(String(resolved.value))}$`;
    case "enum":
      return `^(?:${resolved.values.map((value) => escapePattern(String(value))).join("|")})$`;
    case "union": {
      const patterns = resolved.options.map((option) => keyPattern(option, schemas));
      return patterns.includes(null) ? null : patterns.map((pattern) => `(?:${pattern})`).join("|");
    }
    default:
      return null;
  }
}

function mapOf({ key, value }: Extract<Schema, { kind: "map" }>, schemas: Schemas, inner: Convert): JsonSchema {
  const item = itemOf(value, false, schemas, inner);
  if (!isStringKey(key, schemas)) {
    const pair = { type: "array", prefixItems: [itemOf(key, false, schemas, inner), item], items: false, minItems: 2 };
    return { type: "array", items: pair };
  }
  if (hasRules(key, schemas)) return { type: "object", propertyNames: inner(key), additionalProperties: item };
  const pattern = keyPattern(key, schemas);
  if (pattern === null) return { type: "object", additionalProperties: item };
  return { type: "object", patternProperties: { [pattern]: item }, additionalProperties: false };
}

function isStringKey(key: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(key, schemas);
  if (resolved.kind === "string") return true;
  if (resolved.kind === "literal") return typeof resolved.value === "string";
  if (resolved.kind === "enum") return resolved.values.every((value) => typeof value === "string");
  return resolved.kind === "union" && resolved.options.every((option) => isStringKey(option, schemas));
}

/** Our patterns carry the flag `s`, which JSON Schema does not have: "." outside of classes becomes `[\s\S]`. */
function withoutDotAll(pattern: string): string {
  let result = "";
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === "\\") {
      result += character + (pattern[++at] ?? "");
      continue;
    }
    if (character === "[") inClass = true;
    if (character === "]") inClass = false;
    result += character === "." && !inClass ? "[\\s\\S]" : character;
  }
  return result;
}
