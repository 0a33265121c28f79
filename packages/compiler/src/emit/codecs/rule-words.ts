// What is said when a rule does not hold: the code of the issue and the words.
import type { Format, IssueCode, Rule } from "@tenon/model";
import type { CoreSchema } from "./shapes.ts";

export interface RuleIssue {
  readonly code: IssueCode;
  /** "must be at least 3": a sentence of which the value is the subject. */
  readonly message: string;
}

export function ruleIssue(rule: Rule, schema: CoreSchema): RuleIssue {
  return { code: codeOf(rule), message: rule.message ?? `must ${phrase(rule, schema)}` };
}

function codeOf(rule: Rule): IssueCode {
  switch (rule.rule) {
    case "min":
    case "max":
    case "exclusiveMin":
    case "exclusiveMax":
      return "out_of_range";
    case "multipleOf":
      return "not_multiple";
    case "integer":
      return "not_integer";
    case "minLength":
    case "maxLength":
      return "invalid_length";
    case "pattern":
    case "startsWith":
    case "endsWith":
    case "format":
      return "invalid_format";
    case "unique":
      return "duplicate_item";
    case "any": {
      const codes = new Set(rule.options.flat().map(codeOf));
      return codes.size === 1 ? [...codes][0]! : "invalid_value";
    }
  }
}

const formatWords: Readonly<Record<Format, string>> = {
  email: "an email address",
  url: "a URL such as https://example.com/",
  uuid: "a UUID",
  ip: "an IP address",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  hostname: "a host name",
  "date-time": "a date and time such as 2026-01-31T09:30:00Z",
  date: "a date such as 2026-01-31",
  time: "a time such as 09:30:00",
  duration: "a duration such as 1h30m",
};

/** Continues "must ...". */
function phrase(rule: Rule, schema: CoreSchema): string {
  switch (rule.rule) {
    case "min":
      return `be at least ${rule.value}`;
    case "max":
      return `be at most ${rule.value}`;
    case "exclusiveMin":
      return `be greater than ${rule.value}`;
    case "exclusiveMax":
      return `be less than ${rule.value}`;
    case "multipleOf":
      return `be a multiple of ${rule.value}`;
    case "integer":
      return "be a whole number";
    case "minLength":
      return `have at least ${count(rule.value, schema)}`;
    case "maxLength":
      return `have at most ${count(rule.value, schema)}`;
    case "pattern":
      return `match ${rule.value}`;
    case "startsWith":
      return `start with ${JSON.stringify(rule.value)}`;
    case "endsWith":
      return `end with ${JSON.stringify(rule.value)}`;
    case "format":
      return `be ${formatWords[rule.value]}`;
    case "unique":
      return "not repeat an item";
    case "any":
      return rule.options.map((rules) => rules.map((one) => phrase(one, schema)).join(" and ")).join(", or ");
  }
}

const nouns: Readonly<Partial<Record<CoreSchema["kind"], readonly [one: string, several: string]>>> = {
  string: ["character", "characters"],
  map: ["entry", "entries"],
};

function count(length: number, { kind }: CoreSchema): string {
  const [one, several] = nouns[kind] ?? ["item", "items"];
  return `${length} ${length === 1 ? one : several}`;
}
