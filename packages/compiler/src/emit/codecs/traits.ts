// Decisions about shapes that all three functions of a codec must take alike: what is the same on the wire as in memory, and which
// unions copy by way of the wire.
import type { CoreSchema, OptionsSchema, Shape, Shapes } from "./shapes.ts";

/** `strict` decodes as well, and refuses what is not declared. */
export type Mode = "decode" | "strict" | "encode" | "copy";

/** What is read comes from the wire. */
export function isFromWire(mode: Mode): boolean {
  return mode === "decode" || mode === "strict";
}

/** What JavaScript itself can tell apart, on the wire and in memory. */
export type Tag =
  | "string"
  | "number"
  | "boolean"
  | "bigint"
  | "decimal"
  | "date"
  | "bytes"
  | "url"
  | "map"
  | "set"
  | "array"
  | "object";

const tagOfKind = {
  string: "string",
  number: "number",
  boolean: "boolean",
  bigint: "bigint",
  "bigint-literal": "bigint",
  decimal: "decimal",
  date: "date",
  bytes: "bytes",
  url: "url",
  array: "array",
  tuple: "array",
  object: "object",
  map: "map",
  set: "set",
} as const;

export interface Traits {
  /** There are objects in it: values from the wire can have what is not declared. */
  hasFields(shape: Shape): boolean;
  /** Encoding and copying do the same. */
  isPlain(shape: Shape): boolean;
  /** Keys are strings on the wire and in memory, so that a map of them is an object on the wire. */
  isStringKeyed(shape: Shape): boolean;
  /** Two options look alike on the wire: what arrives is decided there, so copying is encoding and decoding. */
  copiesByWire(schema: OptionsSchema): boolean;
  /** The options that a value of each tag can belong to, most specific first. */
  candidates(schema: OptionsSchema, mode: Mode): ReadonlyMap<Tag, readonly Shape[]>;
}

export function createTraits(shapes: Shapes): Traits {
  const plain = new Map<Shape, boolean>();

  function isPlain(shape: Shape): boolean {
    let result = plain.get(shape);
    if (result === undefined) {
      result = isPlainHere(shape) && [...shapes.reach(shape)].every(isPlainHere);
      plain.set(shape, result);
    }
    return result;
  }

  function isPlainHere({ schema }: Shape): boolean {
    switch (schema.kind) {
      case "bigint":
      case "bigint-literal":
      case "decimal":
      case "date":
      case "bytes":
      case "url":
      case "map":
      case "set":
        return false;
      case "array":
        return !hasUndefined(schema.items);
      case "tuple":
        return (
          ![...schema.items, ...(schema.suffix ?? [])].some((item) => item.optional || hasUndefined(item.schema)) &&
          !(schema.rest !== undefined && hasUndefined(schema.rest))
        );
      case "options":
        return !copiesByWire(schema);
      default:
        return true;
    }
  }

  function hasUndefined(items: Parameters<Shapes["slotOf"]>[0]): boolean {
    const slot = shapes.slotOf(items);
    return slot.undefinable && slot.shape.schema.kind !== "any";
  }

  function isStringKeyed({ schema }: Shape): boolean {
    if (schema.kind === "string") return true;
    if (schema.kind === "literal") return typeof schema.value === "string";
    if (schema.kind === "enum") return schema.values.every((value) => typeof value === "string");
    return schema.kind === "options" && schema.options.every(isStringKeyed);
  }

  function wireTag(schema: CoreSchema): Tag {
    const tag = memoryTag(schema);
    if (tag === "bigint" || tag === "decimal" || tag === "date" || tag === "bytes" || tag === "url") return "string";
    if (tag === "set") return "array";
    if (schema.kind === "map") return isStringKeyed(shapes.slotOf(schema.key).shape) ? "object" : "array";
    return tag;
  }

  function candidates(schema: OptionsSchema, mode: Mode): ReadonlyMap<Tag, readonly Shape[]> {
    const found = new Map<Tag, Shape[]>();
    for (const shape of schema.options.flatMap(splitEnum)) {
      const tag = isFromWire(mode) ? wireTag(shape.schema) : memoryTag(shape.schema);
      const group = found.get(tag);
      if (group === undefined) found.set(tag, [shape]);
      else group.push(shape);
    }
    for (const group of found.values()) group.sort((a, b) => compareRanks(rank(a.schema), rank(b.schema)));
    return found;
  }

  function copiesByWire(schema: OptionsSchema): boolean {
    for (const group of candidates(schema, "decode").values()) {
      if (group.length === 1) continue;
      const tags = new Set(group.map((shape) => memoryTag(shape.schema)));
      const tag = tags.size === 1 ? [...tags][0] : undefined;
      if (tag === "string" || tag === "number" || tag === "boolean") continue;
      if (tag === "object" && findTags(schema.discriminant, group, shapes) !== null) continue;
      return true;
    }
    return false;
  }

  const hasFields = (shape: Shape) =>
    shape.schema.kind === "object" || [...shapes.reach(shape)].some(({ schema }) => schema.kind === "object");

  return { hasFields, isPlain, isStringKeyed, copiesByWire, candidates };
}

function memoryTag(schema: CoreSchema): Tag {
  if (schema.kind === "literal") return typeof schema.value as Tag;
  if (schema.kind === "enum") return typeof schema.values[0] as Tag;
  if (schema.kind === "options" || schema.kind === "any" || schema.kind === "never") {
    throw new Error(`"${schema.kind}" is not an option of a union`);
  }
  return tagOfKind[schema.kind];
}

/** An enum of strings and numbers is two, for its values have two tags. */
function splitEnum(shape: Shape): readonly Shape[] {
  const { schema } = shape;
  if (schema.kind !== "enum") return [shape];
  const strings = schema.values.filter((value) => typeof value === "string");
  if (strings.length === 0 || strings.length === schema.values.length) return [shape];
  const numbers = schema.values.filter((value) => typeof value === "number");
  return [strings, numbers].map((values) => ({ schema: { ...schema, values }, name: shape.name }));
}

/** The order in which options are considered that look alike; documented in docs/reference/wire-format.md. */
const order = [
  ["literal", "enum"],
  ["bigint-literal"],
  ["bigint"],
  ["decimal"],
  ["date"],
  ["url"],
  ["boolean", "number", "string"],
  ["bytes"],
  ["tuple"],
  ["array"],
  ["set"],
  ["object"],
  ["map"],
] as const;

function rank(schema: CoreSchema): readonly number[] {
  const place = order.findIndex((kinds) => (kinds as readonly string[]).includes(schema.kind));
  switch (schema.kind) {
    case "string":
      return [place, schema.pattern === undefined && schema.rules === undefined ? 1 : 0];
    case "tuple":
      return [place, -(schema.items.length + (schema.suffix?.length ?? 0)), schema.rest === undefined ? 0 : 1];
    case "object":
      return [place, -schema.properties.filter((property) => !property.optional).length, -schema.properties.length];
    default:
      return [place];
  }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

type TagValue = string | number | boolean;

export interface Tags {
  readonly property: string;
  /** The values of the property that stand for each option, in the order of the options. */
  readonly values: readonly (readonly TagValue[])[];
}

/** The property that tells objects apart by its literal alone: the one declared, else the first that can; null when none can. */
export function findTags(declared: string | undefined, group: readonly Shape[], shapes: Shapes): Tags | null {
  const first = group[0]!.schema;
  if (first.kind !== "object") return null;
  const names = first.properties.map((property) => property.name);
  if (declared !== undefined) names.unshift(declared);
  for (const property of names) {
    const values = group.map((shape) => literalsOf(shape, property, shapes));
    const all = values.flat();
    if (values.every((some) => some.length > 0) && new Set(all).size === all.length) return { property, values };
  }
  return null;
}

/** The literals that a required property can be; none when it can be anything else. */
function literalsOf({ schema }: Shape, name: string, shapes: Shapes): readonly TagValue[] {
  if (schema.kind !== "object") return [];
  const property = schema.properties.find((candidate) => candidate.name === name);
  if (property === undefined || property.optional) return [];
  const slot = shapes.slotOf(property.schema);
  if (slot.nullable || slot.undefinable) return [];
  const parts = slot.shape.schema.kind === "options" ? slot.shape.schema.options : [slot.shape];
  const values = parts.map(({ schema: part }) =>
    part.kind === "literal" ? [part.value] : part.kind === "enum" ? part.values : [],
  );
  return values.some((some) => some.length === 0) ? [] : values.flat();
}
