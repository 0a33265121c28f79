// Rules -> keywords of JSON Schema.
import type { Format, Rule, Ruled } from "./schema.ts";

type Keywords = { readonly [keyword: string]: unknown };

/** `keywords` of a schema with those of its rules. */
export function withRules(keywords: Keywords, { rules }: Ruled): Keywords {
  return (rules ?? []).reduce((all, rule) => both(all, keywordsOf(rule, keywords)), keywords);
}

/** What holds twice (two patterns) is put beside the rest with `allOf`. */
function both(all: Keywords, more: Keywords): Keywords {
  const clashes = Object.keys(more).some((keyword) => keyword !== "type" && keyword in all);
  if (!clashes) return { ...all, ...more };
  return { ...all, allOf: [...((all["allOf"] as Keywords[] | undefined) ?? []), more] };
}

const boundKeywords = {
  min: "minimum",
  max: "maximum",
  exclusiveMin: "exclusiveMinimum",
  exclusiveMax: "exclusiveMaximum",
  multipleOf: "multipleOf",
} as const;

function keywordsOf(rule: Rule, of: Keywords): Keywords {
  switch (rule.rule) {
    case "min":
    case "max":
    case "exclusiveMin":
    case "exclusiveMax":
    case "multipleOf": {
      const keyword = boundKeywords[rule.rule];
      return { [of["type"] === "number" ? keyword : `x-${keyword}`]: rule.value };
    }
    case "integer":
      return { type: "integer" };
    case "minLength":
    case "maxLength":
      return { [`${rule.rule.slice(0, 3)}${lengthNoun(of)}`]: rule.value };
    case "pattern":
      // JSON Schema knows no flags; ignoring case is all that one of them changes for good.
      return rule.flags.replace("u", "") === "" ? { pattern: rule.value } : {};
    case "startsWith":
      return { pattern: `^${escapePattern(rule.value)}` };
    case "endsWith":
      return { pattern: `${escapePattern(rule.value)}$` };
    case "format":
      return formatKeywords(rule.value);
    case "unique":
      return { uniqueItems: true };
    case "any":
      return {
        anyOf: rule.options.map((rules) => rules.reduce<Keywords>((all, one) => both(all, keywordsOf(one, of)), {})),
      };
  }
}

function lengthNoun(of: Keywords): "Length" | "Items" | "Properties" {
  return of["type"] === "string" ? "Length" : of["type"] === "array" ? "Items" : "Properties";
}

function formatKeywords(format: Format): Keywords {
  switch (format) {
    case "url":
      return {
        format: "uri",
        pattern: "^(?:[Hh][Tt][Tt][Pp][Ss]?|[Ww][Ss][Ss]?|[Ff][Tt][Pp])://[^\\s]+$",
      };
    case "ip":
      return { anyOf: [{ format: "ipv4" }, { format: "ipv6" }] };
    case "time":
      return { pattern: "^(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?$" };
    case "duration":
      return { pattern: "^-?(?:\\d+(?:\\.\\d+)?(?:h|ms|m|s|us|µs|ns))+$" };
    default:
      return { format };
  }
}

export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
