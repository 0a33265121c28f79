// Puts rules on the schemas they can be put on, and refuses rules that say nothing about a value of the kind or exclude each other.
import type { Rule, Ruled, Schema } from "@tenon/model";
import { type Context, report } from "./context.ts";

type RuleName = Rule["rule"];

const lengths: readonly RuleName[] = ["minLength", "maxLength"];
const bounds: readonly RuleName[] = ["min", "max", "exclusiveMin", "exclusiveMax", "multipleOf"];

/** Which rules say something about which kinds. */
const applicable: Readonly<Partial<Record<Schema["kind"], readonly RuleName[]>>> = {
  string: [...lengths, "pattern", "startsWith", "endsWith", "format"],
  number: [...bounds, "integer"],
  bigint: bounds,
  decimal: bounds,
  array: [...lengths, "unique"],
  set: lengths,
  map: lengths,
};

/** The schema with the rules beside those it has. Reports what cannot be. */
export function applyRules(schema: Schema, rules: readonly Rule[], context: Context): Schema {
  // Whatever the value is, it is something that has been reported.
  if (rules.length === 0 || schema.kind === "any" || schema.kind === "never") return schema;
  const wrong = namesIn(rules).find((name) => !isApplicable(schema, name));
  if (wrong !== undefined) {
    report(context, "TN1060", `${wordOf(wrong)} says nothing about ${describe(schema)}`);
    return schema;
  }
  const exact = exactRules(schema, rules, context);
  const all = [...(rulesOf(schema) ?? []), ...exact.filter((rule) => !isAmong(rule, rulesOf(schema) ?? []))];
  reportContradiction(all, context);
  return { ...schema, rules: all } as Schema;
}

export function isApplicable(schema: Schema, rule: RuleName): boolean {
  return applicable[schema.kind]?.includes(rule) ?? false;
}

export function rulesOf(schema: Schema): readonly Rule[] | undefined {
  return (schema as Ruled).rules;
}

function namesIn(rules: readonly Rule[]): RuleName[] {
  return rules.flatMap((rule) => (rule.rule === "any" ? rule.options.flatMap(namesIn) : [rule.rule]));
}

/** Bigints and decimals are compared as what they are: their bounds are written out in digits. */
function exactRules(schema: Schema, rules: readonly Rule[], context: Context): Rule[] {
  return rules.map((rule) => {
    if (rule.rule === "any") return { ...rule, options: rule.options.map((some) => exactRules(schema, some, context)) };
    if (!("value" in rule) || !bounds.includes(rule.rule)) return rule;
    if (schema.kind === "number") return { ...rule, value: Number(rule.value) } as Rule;
    const value = digitsOf(rule.value as number | string);
    if (schema.kind === "bigint" && value.includes(".")) {
      report(context, "TN1062", `${wordOf(rule.rule)} of a bigint needs a whole number`);
    }
    return { ...rule, value } as Rule;
  });
}

/** A number without exponent: 1e21 -> "1000000000000000000000". */
function digitsOf(value: number | string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign, whole = "", fraction = "", exponent] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}${point < digits.length ? `.${digits.slice(point)}` : ""}`;
}

/** In an order that does not depend on the one in which TypeScript met the alternatives. */
export function anyOf(options: readonly (readonly Rule[])[]): Rule {
  const sorted = options
    .map((rules) => ({ rules, text: JSON.stringify(rules) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return { rule: "any", options: sorted.map(({ rules }) => rules) };
}

export function isAmong(rule: Rule, others: readonly Rule[]): boolean {
  return others.some((other) => JSON.stringify(other) === JSON.stringify(rule));
}

/** Bounds between which nothing is. */
function reportContradiction(rules: readonly Rule[], context: Context): void {
  const values = (name: RuleName) =>
    rules.filter((rule) => rule.rule === name).map((rule) => Number((rule as { value: number | string }).value));
  const least = Math.max(...values("min"), ...values("exclusiveMin"));
  const greatest = Math.min(...values("max"), ...values("exclusiveMax"));
  const isExcluded = [...values("exclusiveMin"), ...values("exclusiveMax")].includes(least);
  if (least > greatest || (least === greatest && isExcluded)) {
    report(context, "TN1063", `nothing lies between ${least} and ${greatest}`);
  }
  const shortest = Math.max(...values("minLength"));
  const longest = Math.min(...values("maxLength"));
  if (shortest > longest) report(context, "TN1063", `nothing has a length between ${shortest} and ${longest}`);
}

const words: Readonly<Partial<Record<RuleName, string>>> = {
  min: "Min",
  max: "Max",
  exclusiveMin: "ExclusiveMin",
  exclusiveMax: "ExclusiveMax",
  multipleOf: "MultipleOf",
  integer: "IsInteger",
  minLength: "MinLen",
  maxLength: "MaxLen",
  pattern: "MatchesRegexp",
  startsWith: "StartsWith",
  endsWith: "EndsWith",
  format: "a format such as IsEmail",
  unique: "UniqueItems",
};

function wordOf(rule: RuleName): string {
  return words[rule] ?? rule;
}

function describe(schema: Schema): string {
  if (schema.kind === "ref") return schema.name.replace(/ [@#].*$/, "");
  const { kind } = schema;
  return `${/^[aeou]/.test(kind) ? "an" : "a"} ${kind}`;
}
