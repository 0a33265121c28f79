// One rule from its name and argument, or what is wrong with the argument.
import type { BoundRule, Format, JsonValue, Rule } from "@tenon/model";

export interface RuleProblem {
  readonly code: "TN1062" | "TN1064";
  readonly detail: string;
}

type Created = Rule | RuleProblem;

const bounds: Readonly<Record<string, BoundRule>> = {
  Min: "min",
  Max: "max",
  ExclusiveMin: "exclusiveMin",
  ExclusiveMax: "exclusiveMax",
  MultipleOf: "multipleOf",
};

/** The formats there are, with what they are called in `@format`, by JSON Schema and by other tools. */
const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ["email", "email"],
  ["url", "url"],
  ["uri", "url"],
  ["uuid", "uuid"],
  ["ip", "ip"],
  ["ipv4", "ipv4"],
  ["ipv6", "ipv6"],
  ["hostname", "hostname"],
  ["date-time", "date-time"],
  ["date", "date"],
  ["time", "time"],
  ["duration", "duration"],
]);

export function formatNamed(name: string): Format | null {
  return formats.get(name) ?? null;
}

/** `name` as the marks of `tenon/validate` have it; `value` undefined when it is no literal. Bigints come as their digits. */
export function createRule(name: string, value: JsonValue | undefined): Created {
  const bound = bounds[name];
  if (bound !== undefined) return boundRule(name, bound, value);
  switch (name) {
    case "Integer":
      return { rule: "integer" };
    case "Unique":
      return { rule: "unique" };
    case "MinLength":
      return lengthRule("MinLen", "minLength", value);
    case "MaxLength":
      return lengthRule("MaxLen", "maxLength", value);
    case "Pattern":
      return typeof value === "string" ? patternRule(value) : argument("MatchesRegexp needs a string literal");
    case "StartsWith":
      return typeof value === "string" ? { rule: "startsWith", value } : argument("StartsWith needs a string literal");
    case "EndsWith":
      return typeof value === "string" ? { rule: "endsWith", value } : argument("EndsWith needs a string literal");
    case "Format": {
      const format = typeof value === "string" ? formatNamed(value) : null;
      return format === null
        ? argument(`there is no format ${JSON.stringify(value)}`)
        : { rule: "format", value: format };
    }
    default:
      return argument(`there is no rule ${name}`);
  }
}

function boundRule(name: string, rule: BoundRule, value: JsonValue | undefined): Created {
  const isNumber = typeof value === "number" && Number.isFinite(value);
  const isDigits = typeof value === "string" && /^-?\d+$/.test(value);
  if (!isNumber && !isDigits) return argument(`${name} needs a number literal`);
  if (rule === "multipleOf" && !(Number(value) > 0)) return argument("MultipleOf needs a number greater than 0");
  return { rule, value: value as number | string };
}

function lengthRule(name: string, rule: "minLength" | "maxLength", value: JsonValue | undefined): Created {
  const isLength = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isLength ? { rule, value } : argument(`${name} needs a whole number from 0 on`);
}

/** Flags at the start, which other languages write into the expression: "(?i)^[a-z]+$". */
const leadingFlags = /^\(\?([ims]+)\)/;

/** Read as Unicode, or leniently where that is refused: "\-" and its like are errors to the flag `u`. */
function patternRule(pattern: string): Created {
  const leading = leadingFlags.exec(pattern);
  const value = leading === null ? pattern : pattern.slice(leading[0].length);
  const flags = leading === null ? "" : leading[1]!;
  let reason = "";
  for (const tried of [`${flags}u`, flags]) {
    try {
      new RegExp(value, tried);
      return { rule: "pattern", value, flags: tried };
    } catch (error) {
      if (reason === "") reason = (error as Error).message;
    }
  }
  return { code: "TN1064", detail: reason };
}

function argument(detail: string): RuleProblem {
  return { code: "TN1062", detail };
}
