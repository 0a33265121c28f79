// The conditions and statements that check a value's rules, once it is known to be of the right kind.
import type { BoundRule, Format, Rule, Ruled } from "@tenon/model";
import type { ModuleText } from "./module-text.ts";
import { quote } from "./quote.ts";
import { ruleIssue } from "./rule-words.ts";
import type { CoreSchema } from "./shapes.ts";

export function rulesOf(schema: CoreSchema): readonly Rule[] {
  return (schema as Ruled).rules ?? [];
}

/** An expression that is true when all rules hold for `variable`; null when there are none. */
export function rulesHold(m: ModuleText, schema: CoreSchema, variable: string): string | null {
  const rules = rulesOf(schema);
  return rules.length === 0 ? null : allHold(m, rules, schema, variable);
}

/** One statement for each rule, which adds an issue when it does not hold. `path` is an expression; `before`: "seen = " or "". */
export function ruleLines(m: ModuleText, schema: CoreSchema, variable: string, path: string, before: string): string[] {
  return rulesOf(schema).map((rule) => {
    const { code, message } = ruleIssue(rule, schema);
    const fail = `${m.use("fail")}(issues, ${path}, ${quote(code)}, ${quote(message)})`;
    return `if (${negated(holds(m, rule, schema, variable))}) ${before}${fail};`;
  });
}

function negated(condition: string): string {
  return /^[\w$]+\([^()]*\)$/.test(condition) ? `!${condition}` : `!(${condition})`;
}

function allHold(m: ModuleText, rules: readonly Rule[], schema: CoreSchema, variable: string): string {
  const parts = rules.map((rule) => holds(m, rule, schema, variable));
  return rules.length === 1
    ? parts[0]!
    : parts.map((part) => (part.includes(" || ") ? `(${part})` : part)).join(" && ");
}

function holds(m: ModuleText, rule: Rule, schema: CoreSchema, x: string): string {
  switch (rule.rule) {
    case "min":
    case "max":
    case "exclusiveMin":
    case "exclusiveMax":
    case "multipleOf":
      return boundHolds(m, rule.rule, rule.value, schema, x);
    case "integer":
      return `Number.isInteger(${x})`;
    case "minLength":
      if (schema.kind !== "string") return `${x}.${lengthOf(schema)} >= ${rule.value}`;
      return rule.value < 2 ? `${x}.length >= ${rule.value}` : `${m.use("hasMinCharacters")}(${x}, ${rule.value})`;
    case "maxLength":
      if (schema.kind !== "string") return `${x}.${lengthOf(schema)} <= ${rule.value}`;
      return `${m.use("hasMaxCharacters")}(${x}, ${rule.value})`;
    case "pattern": {
      const pattern = `new RegExp(${quote(rule.value)}, ${quote(rule.flags)})`;
      return `${m.constant("pattern", pattern)}.test(${x})`;
    }
    case "startsWith":
    case "endsWith":
      return `${x}.${rule.rule}(${quote(rule.value)})`;
    case "format":
      return `${m.use(formatTests[rule.value])}(${x})`;
    case "unique":
      return `${m.use("hasUniqueItems")}(${x})`;
    case "any":
      return rule.options.map((rules) => `(${allHold(m, rules, schema, x)})`).join(" || ");
  }
}

const operators = { min: ">=", max: "<=", exclusiveMin: ">", exclusiveMax: "<" } as const;

function boundHolds(m: ModuleText, rule: BoundRule, value: number | string, schema: CoreSchema, x: string): string {
  if (schema.kind === "decimal") {
    const bound = m.constant("decimal", `new ${m.use("Decimal")}(${quote(String(value))})`);
    if (rule === "multipleOf") return `${m.use("isDecimalMultiple")}(${x}, ${bound})`;
    return `${x}.compare(${bound}) ${operators[rule]} 0`;
  }
  if (schema.kind === "bigint") {
    const bound = `${BigInt(value)}n`;
    return rule === "multipleOf" ? `${x} % ${bound} === 0n` : `${x} ${operators[rule]} ${bound}`;
  }
  return rule === "multipleOf" ? `${m.use("isMultipleOf")}(${x}, ${value})` : `${x} ${operators[rule]} ${value}`;
}

function lengthOf(schema: CoreSchema): "length" | "size" {
  return schema.kind === "array" ? "length" : "size";
}

const formatTests: Readonly<Record<Format, string>> = {
  email: "isEmail",
  url: "isWebUrl",
  uuid: "isUuid",
  ip: "isIP",
  ipv4: "isIPv4",
  ipv6: "isIPv6",
  hostname: "isHostname",
  "date-time": "isDateTimeText",
  date: "isDateText",
  time: "isTimeText",
  duration: "isDurationText",
};
