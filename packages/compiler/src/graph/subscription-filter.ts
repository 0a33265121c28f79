// The filter of a subscription: which values of which attributes it takes, as text, the way attributes travel. What can never match is
// reported: such a subscription would wait for ever, silently.
import { resolveSchema, type Schema, type Schemas } from "@tenon/model";
import type { Expression, Span } from "../discover/declarations.ts";
import type { OptionValue } from "../schema/option-value.ts";
import type { Options, ResourceReader } from "./resource-reader.ts";

export type Filter = Readonly<Record<string, readonly string[]>>;

/** `attributes`: those of the topic's messages. undefined: there is no filter, or it is reported. */
export function readFilter(
  reader: ResourceReader,
  options: Options,
  attributes: ReadonlyMap<string, Schema>,
  schemas: Schemas,
): Filter | undefined {
  const value = reader.value(options, "filter");
  if (value === undefined) return undefined;
  const span = options.get("filter")!;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    reader.report("TN1283", span, { option: "filter", expected: 'an object such as { region: "eu" }' });
    return undefined;
  }
  const filter: Record<string, readonly string[]> = {};
  for (const [name, wanted] of Object.entries(value)) {
    const place = placeOf(reader.argument(2), name) ?? span;
    const schema = attributes.get(name);
    if (schema === undefined) reader.report("TN1285", place, { name });
    else filter[name] = readValues(reader, place, name, wanted, schema, schemas);
  }
  return filter;
}

function readValues(
  reader: ResourceReader,
  place: Span,
  name: string,
  wanted: OptionValue,
  schema: Schema,
  schemas: Schemas,
): string[] {
  const values: readonly OptionValue[] = Array.isArray(wanted) ? wanted : [wanted];
  if (values.length === 0) {
    reader.report("TN1283", place, { option: `filter.${name}`, expected: "a value, or a list of at least one" });
  }
  for (const value of values) {
    if (!accepts(schema, value, schemas))
      reader.report("TN1288", place, { name, value: JSON.stringify(value ?? null) });
  }
  return [...new Set(values.map(String))];
}

/** Whether an attribute of that type can have the value. */
function accepts(schema: Schema, value: OptionValue, schemas: Schemas): boolean {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "string":
      return (
        typeof value === "string" && (resolved.pattern === undefined || new RegExp(resolved.pattern, "su").test(value))
      );
    case "number":
    case "boolean":
      return typeof value === resolved.kind;
    case "literal":
      return value === resolved.value;
    case "enum":
      return (resolved.values as readonly OptionValue[]).includes(value);
    case "union":
      return resolved.options.some((option) => accepts(option, value, schemas));
    default:
      return false;
  }
}

/** Where the attribute is named, when the filter is written as an object. */
function placeOf(config: Expression | null, name: string): Span | null {
  const filter = entryOf(config, "filter")?.node ?? null;
  return entryOf(filter, name)?.keySpan ?? null;
}

function entryOf(object: Expression | null, key: string) {
  if (object?.kind !== "object") return undefined;
  return object.entries.find((entry) => entry.kind === "property" && entry.key === key) as
    | { readonly keySpan: Span; readonly node: Expression }
    | undefined;
}
