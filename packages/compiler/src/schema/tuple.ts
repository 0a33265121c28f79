// Tuples: fixed items, optional ones, and at most one stretch of any length, with items after it.
import type { Schema, TupleItem } from "@tenon/model";
import type { TupleElementRecord, TypeRecord } from "../source/type-source.ts";
import { below, type Context } from "./context.ts";
import type { Converter } from "./convert.ts";
import { withoutUndefined } from "./union.ts";

export function tupleSchema(
  converter: Converter,
  record: Extract<TypeRecord, { kind: "tuple" }>,
  context: Context,
): Schema {
  const restAt = record.elements.findIndex(({ form }) => form === "rest" || form === "variadic");
  const item = (element: TupleElementRecord, index: number): TupleItem => {
    const optional = element.form === "optional";
    const { schema } = optional
      ? withoutUndefined(converter, element.type, below(context, `[${index}]`))
      : { schema: converter.convert(element.type, below(context, `[${index}]`)) };
    return { schema, optional, ...(element.label === undefined ? {} : { label: element.label }) };
  };
  if (restAt === -1) return { kind: "tuple", items: record.elements.map(item) };
  const rest = converter.convert(record.elements[restAt]!.type, below(context, "[]"));
  const items = record.elements.slice(0, restAt).map(item);
  const suffix = record.elements.slice(restAt + 1).map((element, i) => item(element, restAt + 1 + i));
  return { kind: "tuple", items, rest, ...(suffix.length === 0 ? {} : { suffix }) };
}
