// The schemas of an OpenAPI document. OpenAPI 3.1 takes JSON Schema 2020-12 as it is; only the definitions stand elsewhere.
import { type JsonSchema, type Schema, type Schemas, toJsonSchema } from "@tenon/model";
import { componentKeys } from "./component-names.ts";

export interface SchemaObjects {
  /** The schema in place, with references to `components.schemas`. */
  of(schema: Schema): JsonSchema;
  /** `components.schemas`: what the schemas asked for so far lead to, by key. */
  components(): Record<string, JsonSchema>;
}

/** `taken`: keys of `components.schemas` that are not definitions of the app. */
export function createSchemaObjects(schemas: Schemas, taken: readonly string[]): SchemaObjects {
  const keys = componentKeys(Object.keys(schemas), taken);
  const found = new Map<string, JsonSchema>();

  function split(schema: Schema): JsonSchema {
    const { $defs, ...root } = toJsonSchema(schema, schemas);
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
      const key = keys.get(name) ?? name;
      if (!found.has(key)) found.set(key, withComponentRefs(definition, keys) as JsonSchema);
    }
    return withComponentRefs(root, keys) as JsonSchema;
  }

  return {
    of: split,
    components: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Keywords whose values are data, not schemas. */
const dataKeywords = new Set(["const", "enum", "default", "examples"]);
/** Keywords whose values are schemas by name; a name means nothing there. */
const mapKeywords = new Set(["properties", "patternProperties"]);

function withComponentRefs(value: unknown, keys: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withComponentRefs(item, keys));
  if (typeof value !== "object" || value === null) return value;
  return mapValues(value, (inner, keyword) => {
    if (keyword === "$ref") return componentRef(String(inner), keys);
    if (mapKeywords.has(keyword)) return mapValues(inner as object, (schema) => withComponentRefs(schema, keys));
    return dataKeywords.has(keyword) ? inner : withComponentRefs(inner, keys);
  });
}

function mapValues(object: object, change: (value: unknown, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

function componentRef(ref: string, keys: ReadonlyMap<string, string>): string {
  const escaped = decodeURIComponent(ref.slice("#/$defs/".length));
  const name = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
  return `#/components/schemas/${keys.get(name) ?? name}`;
}
