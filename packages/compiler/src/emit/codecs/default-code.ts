// A default as an expression for the value in memory.
import type { JsonValue, Schema, Schemas } from "@tenon/model";
import { fitsType } from "../../schema/default-value.ts";
import type { ModuleText } from "./module-text.ts";
import { member, quote } from "./quote.ts";

/** A fresh value each time the expression is evaluated, so that no two requests share one. */
export function defaultCode(m: ModuleText, schema: Schema, value: JsonValue): string {
  switch (schema.kind) {
    case "ref":
      return defaultCode(m, m.schemas[schema.name]!, value);
    case "union":
      return defaultCode(m, optionOf(schema.options, value, m.schemas), value);
    case "bigint":
    case "bigint-literal":
      return `${BigInt(value as string)}n`;
    case "date":
      return `new Date(${quote(value as string)})`;
    case "url":
      return `new URL(${quote(value as string)})`;
    case "decimal":
      return `new ${m.use("Decimal")}(${quote(value as string)})`;
    case "array":
      return listCode(m, schema.items, value);
    case "set":
      return `new Set(${listCode(m, schema.items, value)})`;
    case "object":
      return objectCode(m, schema, value as Readonly<Record<string, JsonValue>>);
    default:
      return jsonCode(value);
  }
}

function listCode(m: ModuleText, items: Schema, value: JsonValue): string {
  return `[${(value as readonly JsonValue[]).map((item) => defaultCode(m, items, item)).join(", ")}]`;
}

function objectCode(
  m: ModuleText,
  schema: Schema & { kind: "object" },
  value: Readonly<Record<string, JsonValue>>,
): string {
  const members = schema.properties
    .filter(({ name }) => Object.hasOwn(value, name))
    .map(({ name, schema: child }) => member(name, defaultCode(m, child, value[name]!)));
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function optionOf(options: readonly Schema[], value: JsonValue, schemas: Schemas): Schema {
  return options.find((option) => fitsType(value, option, (name) => schemas[name])) ?? { kind: "any" };
}

function jsonCode(value: JsonValue): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : quote(value);
  if (Array.isArray(value)) return `[${value.map(jsonCode).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([name, item]) => member(name, jsonCode(item)))
    .join(", ")} }`;
}
