// Reads rules off types: objects that are nothing but properties under tenon's own symbols, as `Min<3>` and its like in `tenon/validate`.
import type { JsonValue, Rule } from "@tenon/model";
import type { PropertyRecord, TypeId, TypeRecord } from "../source/type-source.ts";
import { anyOf } from "./apply-rules.ts";
import { type Context, report } from "./context.ts";
import { valueOfType } from "./option-value.ts";
import { createRule } from "./create-rule.ts";

type Types = ReadonlyMap<TypeId, TypeRecord>;

/** Symbols of `tenon/validate` as the checkers name them: "__@tenonMin@12". */
const mark = /^__@tenon([A-Z][A-Za-z]*)(?:@|$)/;

const ruleNames = new Set(
  "Min Max ExclusiveMin ExclusiveMax MultipleOf Integer MinLength MaxLength Pattern StartsWith EndsWith Format Unique Message".split(
    " ",
  ),
);

/** "Min" of a property that is a rule, or another mark of tenon's; null for any other property. */
export function markOf({ name }: PropertyRecord): string | null {
  return mark.exec(name)?.[1] ?? null;
}

/** Says nothing about a value but a rule. */
export function isRuleType(types: Types, id: TypeId): boolean {
  const record = types.get(id);
  if (record?.kind === "union") return record.types.every((option) => isRuleType(types, option));
  if (record?.kind !== "object" && record?.kind !== "intersection") return false;
  const { properties, index } = record.members;
  return index.length === 0 && properties.length > 0 && properties.every((one) => ruleNames.has(markOf(one) ?? ""));
}

/** The rules of a type that is one: several for an intersection, one of alternatives for a union. */
export function readRules(types: Types, id: TypeId, context: Context): Rule[] {
  const record = types.get(id);
  if (record?.kind === "union") {
    return [anyOf(record.types.map((option) => readRules(types, option, context)))];
  }
  if (record?.kind === "intersection") return record.types.flatMap((part) => readRules(types, part, context));
  if (record?.kind !== "object") return [];
  return record.members.properties.flatMap((property) => readRule(types, property, context));
}

function readRule(types: Types, property: PropertyRecord, context: Context): Rule[] {
  const name = markOf(property)!;
  const type = withoutUndefined(types, property.type);
  if (name === "Message") return readMessage(types, type, context);
  const known = valueOfType(types, type);
  const bigint = types.get(type);
  const value = bigint?.kind === "bigint-literal" ? bigint.value : (known?.value as JsonValue | undefined);
  const rule = createRule(name, value);
  if ("rule" in rule) return [rule];
  report(context, rule.code, rule.detail);
  return [];
}

/** `readonly [Rules, Text]`. */
function readMessage(types: Types, type: TypeId, context: Context): Rule[] {
  const record = types.get(type);
  if (record?.kind !== "tuple") return [];
  const [of, text] = record.elements.map((element) => element.type);
  const message = text === undefined ? null : valueOfType(types, text);
  if (of === undefined || !isRuleType(types, of) || typeof message?.value !== "string") {
    report(context, "TN1062", 'Message needs rules and a text, as in `Message<MinLen<8>, "is too short">`');
    return [];
  }
  return readRules(types, of, context).map((rule) => ({ ...rule, message: message.value as string }));
}

/** An optional property's type, as far as strictness has put `undefined` into it. */
function withoutUndefined(types: Types, id: TypeId): TypeId {
  const record = types.get(id);
  if (record?.kind !== "union") return id;
  const rest = record.types.filter((option) => {
    const part = types.get(option);
    return !(part?.kind === "keyword" && part.name === "undefined");
  });
  return rest.length === 1 ? rest[0]! : id;
}

/** The value of a `Default<T, Value>` within a property's type; undefined when there is none. */
export function readDefault(types: Types, id: TypeId): JsonValue | undefined {
  const record = types.get(id);
  if (record?.kind === "union") {
    // `boolean & mark` is `(true & mark) | (false & mark)`.
    for (const option of record.types) {
      const found = readDefault(types, option);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (record?.kind !== "intersection") return undefined;
  for (const part of record.types) {
    const object = types.get(part);
    if (object?.kind !== "object") continue;
    const property = object.members.properties.find((candidate) => markOf(candidate) === "Default");
    const known = property === undefined ? null : valueOfType(types, withoutUndefined(types, property.type));
    if (known !== null && known.value !== undefined) return known.value as JsonValue;
  }
  return undefined;
}
