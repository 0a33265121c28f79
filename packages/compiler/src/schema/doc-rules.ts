// Rules, defaults and examples out of doc comments: `@minimum 3`, `@format email`, `@default 20`, `@example 7`. A doc comment is written for people as well, so
// what cannot be read there is a warning.
import type { JsonValue, Rule, Schema } from "@tenon/model";
import type { DocTag } from "../source/type-source.ts";
import { applyRules, isApplicable } from "./apply-rules.ts";
import { type Context, report } from "./context.ts";
import { createRule, formatNamed } from "./create-rule.ts";

/** Tag -> mark of `tenon/validate` with the same meaning. */
const marks: Readonly<Record<string, string>> = {
  minimum: "Min",
  maximum: "Max",
  exclusiveMinimum: "ExclusiveMin",
  exclusiveMaximum: "ExclusiveMax",
  multipleOf: "MultipleOf",
  integer: "Integer",
  minLength: "MinLength",
  maxLength: "MaxLength",
  pattern: "Pattern",
  minItems: "MinLength",
  maxItems: "MaxLength",
  uniqueItems: "Unique",
};

const ofItems = new Set(["minItems", "maxItems", "uniqueItems"]);

/** The schema with what the tags say; of a union, the options they can be about. */
export function applyDocTags(schema: Schema, tags: readonly DocTag[] | undefined, context: Context): Schema {
  return (tags ?? []).reduce((current, tag) => applyTag(current, tag, context), schema);
}

function applyTag(schema: Schema, tag: DocTag, context: Context): Schema {
  const rule = ruleOf(tag, context);
  if (rule === null) return schema;
  const fits = (one: Schema) => {
    const isList = one.kind === "array" || one.kind === "set" || one.kind === "map";
    return (
      isApplicable(one, rule.rule) &&
      (tag.name.includes("Length") || ofItems.has(tag.name) ? isList === ofItems.has(tag.name) : true)
    );
  };
  if (fits(schema)) return applyRules(schema, [rule], context);
  if (schema.kind === "union" && schema.options.some(fits)) {
    return { ...schema, options: schema.options.map((one) => (fits(one) ? applyRules(one, [rule], context) : one)) };
  }
  report(context, "TN1065", `@${tag.name} says nothing about this type`);
  return schema;
}

/** null: says nothing that is checked. */
function ruleOf({ name, text }: DocTag, context: Context): Rule | null {
  if (name === "default" || name === "example") return null;
  const created = name === "format" ? formatRule(text) : createRule(marks[name]!, argumentOf(name, text));
  if (created === null || "rule" in created) return created;
  report(context, "TN1065", `@${name} cannot be read: ${created.detail}`);
  return null;
}

/** Formats that others know and we do not are for people. */
function formatRule(text: string): Rule | null {
  const value = formatNamed(text.toLowerCase());
  return value === null ? null : { rule: "format", value };
}

function argumentOf(name: string, text: string): JsonValue | undefined {
  if (name === "pattern") return text.replace(/^`(.*)`$/s, "$1");
  const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.exec(text)?.[0];
  return number === undefined ? undefined : Number(number);
}

/** What `@default` can mean, most likely first: JSON, then plain text; empty when there is no such tag. */
export function docDefaults(tags: readonly DocTag[] | undefined): JsonValue[] {
  const tag = tags?.find(({ name }) => name === "default");
  if (tag === undefined || tag.text === "") return [];
  const text = tag.text.replace(/^(['`])(.*)\1$/s, "$2");
  try {
    return [JSON.parse(tag.text) as JsonValue, text];
  } catch {
    return [text];
  }
}

/** Values that `@example` shows, as JSON or plain text; what is no value of the type is for people alone. */
export function docExamples(tags: readonly DocTag[] | undefined, fits: (value: JsonValue) => boolean): JsonValue[] {
  const texts = (tags ?? []).filter(({ name, text }) => name === "example" && text !== "").map(({ text }) => text);
  return texts.flatMap((text) => valuesIn(text).filter(fits).slice(0, 1));
}

function valuesIn(text: string): JsonValue[] {
  // Code in several lines is no text that somebody would send.
  const plain = text.includes("\n") ? [] : [text.replace(/^(['`])(.*)\1$/s, "$2")];
  try {
    return [JSON.parse(text) as JsonValue, ...plain];
  } catch {
    return plain;
  }
}
