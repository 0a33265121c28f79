// Classes of the platform: those with a wire form, and those that are refused.
import type { Schema } from "@tenon/model";
import type { TypeId, TypeRecord } from "../source/type-source.ts";
import { below, type Context, report } from "./context.ts";
import type { Converter } from "./convert.ts";

type BuiltinRecord = Extract<TypeRecord, { kind: "builtin" }>;

export function builtinSchema(converter: Converter, record: BuiltinRecord, context: Context): Schema {
  const argument = (index: number, step: string): Schema => {
    const id: TypeId | undefined = record.typeArguments[index];
    return id === undefined ? { kind: "any" } : converter.convert(id, below(context, step));
  };
  switch (record.builtin) {
    case "Date":
      return { kind: "date" };
    case "Decimal":
      return { kind: "decimal" };
    case "URL":
      return { kind: "url" };
    case "Uint8Array":
    case "Buffer":
      return { kind: "bytes" };
    case "Map":
    case "ReadonlyMap":
      return { kind: "map", key: argument(0, ".keys()"), value: argument(1, "[]") };
    case "Set":
    case "ReadonlySet":
      return { kind: "set", items: argument(0, "[]") };
    case "Promise":
    case "PromiseLike":
      report(context, "TN1204");
      return { kind: "any" };
    case "Function":
      report(context, "TN1201");
      return { kind: "any" };
    case "Object":
      report(context, "TN1207");
      return { kind: "any" };
    default:
      report(context, "TN1206", withArticle(record.builtin));
      return { kind: "any" };
  }
}

function withArticle(noun: string): string {
  return `${/^[AEIOU](?!RL)/.test(noun) ? "an" : "a"} ${noun}`;
}
