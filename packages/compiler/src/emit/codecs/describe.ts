// Words for messages: what a value must be, in the terms of the program's TypeScript.
import { quote } from "./quote.ts";
import type { Shape, Shapes, Slot } from "./shapes.ts";

const maxValues = 20;

/** "one of "a", "b"": for enums, and for the tags of a union. */
export function oneOf(values: readonly (string | number | boolean)[]): string {
  if (values.length === 1) return JSON.stringify(values[0]);
  const shown = values.slice(0, maxValues).map((value) => JSON.stringify(value));
  if (values.length > maxValues) shown.push(`${values.length - maxValues} more`);
  return `one of ${shown.join(", ")}`;
}

/** "a string", "one of "a", "b"": completes "must be ...". */
export function expectation(shape: Shape, shapes: Shapes): string {
  const { schema } = shape;
  switch (schema.kind) {
    case "string":
      return schema.template === undefined ? "a string" : `a string like ${schema.template}`;
    case "literal":
      return JSON.stringify(schema.value);
    case "bigint-literal":
      return `${schema.value}n`;
    case "enum":
      return oneOf(schema.values);
    case "options":
      return typeName({ shape, nullable: false, undefinable: false }, shapes, "one of ");
    case "never":
      return "absent";
    default:
      return articles[schema.kind];
  }
}

const articles = {
  number: "a number",
  boolean: "a boolean",
  bigint: "a bigint",
  decimal: "a Decimal",
  any: "JSON",
  date: "a Date",
  bytes: "a Uint8Array",
  url: "a URL",
  array: "an array",
  tuple: "an array",
  object: "an object",
  map: "a Map",
  set: "a Set",
} as const;

/** The type as one would write it, shortened where it is long. */
export function typeName(slot: Slot, shapes: Shapes, prefix = ""): string {
  const names = new Set(namesOf(slot.shape, shapes, 0));
  if (slot.nullable) names.add("null");
  const text = [...names].join(" | ");
  const shown = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  return names.size > 1 ? prefix + shown : shown;
}

function namesOf(shape: Shape, shapes: Shapes, depth: number): string[] {
  const { schema, name } = shape;
  if (schema.kind === "options") return schema.options.flatMap((option) => namesOf(option, shapes, depth));
  if (schema.kind === "enum") return schema.values.map((value) => JSON.stringify(value));
  return [name ?? anonymousName(shape, shapes, depth)];
}

function anonymousName(shape: Shape, shapes: Shapes, depth: number): string {
  const { schema } = shape;
  const inner = (slot: Slot): string => {
    if (depth > 1) return "…";
    const names = namesOf(slot.shape, shapes, depth + 1);
    if (slot.nullable) names.push("null");
    return names.length === 1 ? names[0]! : `(${names.join(" | ")})`;
  };
  switch (schema.kind) {
    case "literal":
      return JSON.stringify(schema.value);
    case "bigint-literal":
      return `${schema.value}n`;
    case "string":
      return schema.template ?? "string";
    case "array":
      return `${inner(shapes.slotOf(schema.items))}[]`;
    case "set":
      return `Set<${inner(shapes.slotOf(schema.items))}>`;
    case "map":
      return `Map<${inner(shapes.slotOf(schema.key))}, ${inner(shapes.slotOf(schema.value))}>`;
    case "tuple":
      return `[${schema.items.map((item) => inner(shapes.slotOf(item.schema))).join(", ")}${schema.rest ? ", ..." : ""}]`;
    case "object":
      return schema.properties.length === 0
        ? "object"
        : `{ ${schema.properties.map((property) => quoteName(property.name)).join(", ")} }`;
    case "date":
      return "Date";
    case "decimal":
      return "Decimal";
    case "bytes":
      return "Uint8Array";
    case "url":
      return "URL";
    default:
      return schema.kind;
  }
}

function quoteName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
