// Whether a default is a value of its field's type, on the wire.
import type { JsonValue, Schema } from "@tenon/model";

type Resolve = (name: string) => Schema | undefined;

/** Kind by kind; rules are not asked: a default may lie outside of what callers may send. */
export function fitsType(value: JsonValue, schema: Schema, resolve: Resolve): boolean {
  const inner = (child: Schema, item: JsonValue) => fitsType(item, child, resolve);
  switch (schema.kind) {
    case "any":
      return true;
    case "string":
      return (
        typeof value === "string" && (schema.pattern === undefined || new RegExp(schema.pattern, "su").test(value))
      );
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "literal":
      return value === schema.value;
    case "enum":
      return (schema.values as readonly unknown[]).includes(value);
    case "bigint":
    case "bigint-literal":
      return typeof value === "string" && /^(?:0|-?[1-9]\d*)$/.test(value);
    case "decimal":
      return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value);
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value);
    case "url":
      return typeof value === "string" && URL.canParse(value);
    case "array":
    case "set":
      return Array.isArray(value) && value.every((item) => inner(schema.items, item));
    case "union":
      return schema.options.some((option) => inner(option, value));
    case "object":
      return (
        isFields(value) &&
        schema.properties.every(({ name, schema: child, optional }) =>
          Object.hasOwn(value, name) ? inner(child, value[name]!) : optional,
        )
      );
    case "ref": {
      const resolved = resolve(schema.name);
      return resolved === undefined || inner(resolved, value);
    }
    default:
      return false;
  }
}

function isFields(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
