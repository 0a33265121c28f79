// Values that do not match their schema, made the best of: projected where they have the declared shape, and else what JSON makes of
// them. Slow and forgiving; generated codecs do the work for values that match.
import { type ObjectSchema, resolveSchema, type Schema, type Schemas } from "@tenon/model";

import { decimalFromText } from "./decimal.ts";

/** Deeper than any data, and an end for values that contain themselves. */
const maxDepth = 200;

/** What `JSON.stringify` shall be given. */
export function encodeLoosely(value: unknown, schema: Schema, schemas: Schemas): unknown {
  return walk(value, schema, { schemas, scalar: (one) => one, depth: 0 });
}

/** The value in memory for parsed JSON: dates, bytes and their like where they can be read. */
export function decodeLoosely(wire: unknown, schema: Schema, schemas: Schemas): unknown {
  return walk(wire, schema, { schemas, scalar: readScalar, depth: 0 });
}

interface Walk {
  readonly schemas: Schemas;
  readonly scalar: (value: unknown, schema: Schema) => unknown;
  readonly depth: number;
}

function walk(written: unknown, schema: Schema, around: Walk): unknown {
  if (around.depth > maxDepth) return undefined;
  const value = plain(written);
  const shape = fitting(value, resolveSchema(schema, around.schemas), around.schemas);
  const inner = { ...around, depth: around.depth + 1 };
  if (Array.isArray(value)) return walkList(value, shape, inner);
  if (typeof value !== "object" || value === null) return around.scalar(value, shape);
  if (shape.kind === "object") return walkObject(value, shape, inner);
  const item: Schema = shape.kind === "map" ? shape.value : { kind: "any" };
  const entries = Object.entries(value).map(([key, one]) => [key, walk(one, item, inner)]);
  const record = Object.fromEntries(entries);
  return shape.kind === "map" && around.scalar === readScalar ? new Map(Object.entries(record)) : record;
}

function walkList(value: readonly unknown[], shape: Schema, inner: Walk): unknown {
  const item = (index: number): Schema => {
    if (shape.kind === "array" || shape.kind === "set") return shape.items;
    if (shape.kind === "tuple") return shape.items[index]?.schema ?? shape.rest ?? { kind: "any" };
    return { kind: "any" };
  };
  const items = value.map((one, index) => walk(one, item(index), inner));
  return shape.kind === "set" && inner.scalar === readScalar ? new Set(items) : items;
}

/** Exactly the declared fields; with an index signature those of it as well. */
function walkObject(value: object, shape: ObjectSchema, inner: Walk): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const declared = new Map(shape.properties.map(({ name, schema }) => [name, schema]));
  for (const [name, schema] of declared) {
    if (!Object.hasOwn(value, name) && (name in Object.prototype || !(name in value))) continue;
    const one = walk((value as Record<string, unknown>)[name], schema, inner);
    if (one !== undefined) result[name] = one;
  }
  const index = shape.index?.[0];
  if (index === undefined) return result;
  for (const [name, one] of Object.entries(value)) {
    if (!declared.has(name)) result[name] = walk(one, index.value, inner);
  }
  return result;
}

/** As JSON sees it; collections as what they hold. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === "function" ? (toJSON.call(value) as unknown) : value;
}

/** Of a union the option that comes closest: the one whose required fields are there, or as many as any other has. */
function fitting(value: unknown, schema: Exclude<Schema, { kind: "ref" }>, schemas: Schemas) {
  if (schema.kind !== "union") return schema;
  const options = schema.options.map((option) => resolveSchema(option, schemas));
  const flat = options.flatMap((option) => (option.kind === "union" ? option.options : [option]));
  const candidates = flat.map((option) => resolveSchema(option, schemas));
  return candidates.toSorted((a, b) => closeness(value, b) - closeness(value, a))[0] ?? schema;
}

function closeness(value: unknown, schema: Schema): number {
  if (Array.isArray(value)) return ["array", "tuple", "set"].includes(schema.kind) ? 1 : 0;
  if (typeof value !== "object" || value === null) return schema.kind === typeof value ? 1 : 0;
  if (schema.kind !== "object") return schema.kind === "map" || schema.kind === "any" ? 0.5 : 0;
  const present = schema.properties.filter(({ name }) => name in value);
  const literals = present.filter((property) => {
    const { kind } = property.schema;
    return kind === "literal" && property.schema.value === (value as Record<string, unknown>)[property.name];
  });
  const missing = schema.properties.filter(({ name, optional }) => !optional && !(name in value));
  return 1 + present.length + 100 * literals.length - 2 * missing.length;
}

function readScalar(value: unknown, { kind }: Schema): unknown {
  if (typeof value !== "string") return value;
  if (kind === "date") {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  }
  if (kind === "bigint" || kind === "bigint-literal") return /^-?\d+$/.test(value) ? BigInt(value) : value;
  if (kind === "decimal") return decimalFromText(value) ?? value;
  if (kind === "bytes") return new Uint8Array(Buffer.from(value, "base64"));
  if (kind === "url") return URL.canParse(value) ? new URL(value) : value;
  return value;
}
