// Unions: literals gathered into enums, true and false into boolean, and an order that does not depend on the one in which
// TypeScript happened to meet the types.
import type { Rule, Ruled, Schema } from "@tenon/model";
import type { EnumRecord, TypeId } from "../source/type-source.ts";
import { anyOf, isAmong, rulesOf } from "./apply-rules.ts";
import type { Context } from "./context.ts";
import type { Converter } from "./convert.ts";

export function unionSchema(converter: Converter, options: readonly TypeId[], context: Context): Schema {
  const schemas = options.map((option) => converter.convert(option, context));
  if (schemas.some(({ kind }) => kind === "any")) return { kind: "any" };
  const rest: Schema[] = [];
  const values: (string | number)[] = [];
  const booleans = new Set<boolean>();
  for (const schema of schemas) {
    if (schema.kind === "enum") values.push(...schema.values);
    else if (schema.kind !== "literal") rest.push(schema);
    else if (typeof schema.value === "boolean") booleans.add(schema.value);
    else values.push(schema.value);
  }
  if (booleans.size === 2) rest.push({ kind: "boolean" });
  for (const value of booleans.size === 1 ? booleans : []) rest.push({ kind: "literal", value });
  if (values.length === 1) rest.push({ kind: "literal", value: values[0]! });
  if (values.length > 1) rest.push(enumSchema(values, wholeEnum(converter, options)));
  const unique = uniteRules([...new Map(rest.map((schema) => [JSON.stringify(schema), schema])).values()]);
  if (unique.length === 0) return { kind: "never" };
  if (unique.length === 1) return unique[0]!;
  return { kind: "union", options: sortOptions(unique) };
}

/** `(string & A) | (string & B)` is one string under either rule; beside a plain `string` there is no rule left. */
function uniteRules(options: readonly Schema[]): Schema[] {
  const groups = new Map<string, Schema[]>();
  for (const option of options) {
    const key = JSON.stringify({ ...option, rules: undefined });
    groups.set(key, [...(groups.get(key) ?? []), option]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0]!;
    if (group.length === 1) return first;
    const { rules: _, ...plain } = first as Schema & Ruled;
    const all = group.map((option) => rulesOf(option) ?? []);
    const shared = all[0]!.filter((rule) => all.every((rules) => isAmong(rule, rules)));
    const options = all.map((rules) => rules.filter((rule) => !isAmong(rule, shared)));
    const either: Rule[] = options.some((rules) => rules.length === 0) ? [] : [anyOf(options)];
    const rules = [...shared, ...either];
    return (rules.length === 0 ? plain : { ...plain, rules }) as Schema;
  });
}

/** The type without `undefined`, and whether that was in it. */
export function withoutUndefined(
  converter: Converter,
  id: TypeId,
  context: Context,
): { readonly schema: Schema; readonly hadUndefined: boolean } {
  const record = converter.types.get(id);
  if (record?.kind !== "union") return { schema: converter.convert(id, context), hadUndefined: false };
  const left = record.types.filter((option) => !isUndefined(converter, option));
  if (left.length === record.types.length) return { schema: converter.convert(id, context), hadUndefined: false };
  const schema = left.length === 1 ? converter.convert(left[0]!, context) : unionSchema(converter, left, context);
  return { schema, hadUndefined: true };
}

export function isUndefined(converter: Converter, id: TypeId): boolean {
  const record = converter.types.get(id);
  return record?.kind === "keyword" && (record.name === "undefined" || record.name === "void");
}

function enumSchema(values: readonly (string | number)[], name: string | null): Schema {
  const sorted = [...new Set(values)].sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b)),
  );
  return { kind: "enum", values: sorted, ...(name === null ? {} : { name }) };
}

/** The name of the TypeScript enum whose members these are, when it is all of them. */
function wholeEnum(converter: Converter, options: readonly TypeId[]): string | null {
  let owner: EnumRecord | null = null;
  const members = new Set<string | number | boolean>();
  for (const option of options) {
    const record = converter.types.get(option);
    if (record?.kind !== "literal" || typeof record.value === "boolean") continue;
    if (record.enum === undefined || (owner !== null && owner.declaration !== record.enum.declaration)) return null;
    owner = record.enum;
    members.add(record.value);
  }
  return owner !== null && owner.size === members.size ? owner.name : null;
}

const ranks: readonly Schema["kind"][] = [
  "literal",
  "enum",
  "boolean",
  "number",
  "bigint-literal",
  "bigint",
  "decimal",
  "date",
  "url",
  "bytes",
  "string",
  "tuple",
  "array",
  "set",
  "map",
  "object",
  "ref",
  "union",
  "any",
  "never",
  "null",
  "undefined",
];

export function sortOptions(options: readonly Schema[]): Schema[] {
  return options
    .map((schema) => ({ schema, rank: ranks.indexOf(schema.kind), text: JSON.stringify(schema) }))
    .sort((a, b) => a.rank - b.rank || compare(a.text, b.text))
    .map(({ schema }) => schema);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
