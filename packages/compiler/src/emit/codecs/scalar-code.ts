// Values checked in place: one condition instead of a call, for strings, numbers, booleans, literals, enums and unions of these.
import { expectation, typeName } from "./describe.ts";
import type { ModuleText } from "./module-text.ts";
import { quote } from "./quote.ts";
import { ruleLines, rulesHold, rulesOf } from "./rule-code.ts";
import type { CoreSchema, Shape } from "./shapes.ts";
import { isFromWire, type Mode } from "./traits.ts";

export interface InlineCode {
  /** True when the value in `variable` is not acceptable, be it for its type or for a rule. */
  wrong(variable: string): string;
  /** True when it is not of the type; the rules are another matter. */
  wrongType(variable: string): string;
  /** Statements that check the rules of a value of the right type, one for each; empty when there are none. */
  ruleLines(path: string, variable: string, before: string): string[];
  /** The statement-expression that says so; `path` is a JavaScript expression. */
  refuse(path: string, variable: string): string;
  /** The value to hand on; never throws, whatever the variable holds. */
  result(variable: string): string;
  /** The result does not depend on the variable. */
  readonly constant: boolean;
}

/** null: the shape needs a function. */
export function inlineCode(m: ModuleText, shape: Shape, mode: Mode, nullable = false): InlineCode | null {
  const wrongType = wrongWhen(m, shape.schema, mode);
  if (wrongType === null) return null;
  const code = issueCode(shape.schema);
  // Numbers, and unions with them, have an issue of their own for NaN.
  const refuse = m.use(hasNumber(shape.schema) ? "refuseNumber" : "refuse");
  const expected = quote(`${expectation(shape, m.shapes)}${nullable ? " or null" : ""}`);
  return {
    wrong: (x) => {
      const holds = rulesHold(m, shape.schema, x);
      return holds === null ? wrongType(x) : `${wrongType(x)} || !(${holds})`;
    },
    wrongType,
    ruleLines: (path, variable, before) => ruleLines(m, shape.schema, variable, path, before),
    refuse: (path, variable) => `${refuse}(issues, ${path}, ${quote(code)}, ${expected}, ${variable})`,
    result: resultOf(shape.schema, mode),
    constant: shape.schema.kind === "bigint-literal",
  };
}

function wrongWhen(m: ModuleText, schema: CoreSchema, mode: Mode): ((variable: string) => string) | null {
  switch (schema.kind) {
    case "string":
      if (schema.pattern === undefined) return (x) => `typeof ${x} !== "string"`;
      return (x) => `typeof ${x} !== "string" || !${patternConstant(m, schema.pattern!)}.test(${x})`;
    case "number":
      return (x) => `typeof ${x} !== "number" || !Number.isFinite(${x})`;
    case "boolean":
      return (x) => `typeof ${x} !== "boolean"`;
    case "literal":
      return (x) => `${x} !== ${quote(schema.value)}`;
    case "bigint-literal":
      return (x) => `${x} !== ${isFromWire(mode) ? quote(schema.value) : `${BigInt(schema.value)}n`}`;
    case "enum":
      return enumWrong(m, schema.values);
    case "never":
      return () => "true";
    case "options":
      return optionsWrong(m, schema.options, mode);
    default:
      return null;
  }
}

export function patternConstant(m: ModuleText, pattern: string): string {
  return m.constant("pattern", `new RegExp(${quote(pattern)}, "su")`);
}

const fewValues = 6;

function enumWrong(m: ModuleText, values: readonly (string | number)[]): (variable: string) => string {
  if (values.length <= fewValues) return (x) => values.map((value) => `${x} !== ${quote(value)}`).join(" && ");
  return (x) => `!${m.constant("values", `new Set([${values.map(quote).join(", ")}])`)}.has(${x})`;
}

/** Only where no option changes between wire and memory. */
function optionsWrong(m: ModuleText, options: readonly Shape[], mode: Mode): ((variable: string) => string) | null {
  const parts: ((variable: string) => string)[] = [];
  for (const { schema } of options) {
    // Which rule does not hold is worth telling: that takes a function.
    const isTold = schema.kind === "bigint-literal" || rulesOf(schema).length > 0;
    const wrong = isTold ? null : wrongWhen(m, schema, mode);
    if (wrong === null) return null;
    parts.push(wrong);
  }
  return (x) => parts.map((wrong) => (wrong(x).includes(" || ") ? `(${wrong(x)})` : wrong(x))).join(" && ");
}

function resultOf(schema: CoreSchema, mode: Mode): (variable: string) => string {
  if (schema.kind === "bigint-literal") {
    const result = mode === "encode" ? quote(schema.value) : `${BigInt(schema.value)}n`;
    return () => result;
  }
  // JSON has no -0.
  return canBeZero(schema) ? (x) => `${x} === 0 ? 0 : ${x}` : (x) => x;
}

function canBeZero(schema: CoreSchema): boolean {
  if (schema.kind === "number") return true;
  if (schema.kind === "literal") return schema.value === 0;
  if (schema.kind === "enum") return schema.values.includes(0);
  return schema.kind === "options" && schema.options.some((option) => canBeZero(option.schema));
}

function hasNumber(schema: CoreSchema): boolean {
  return (
    schema.kind === "number" || (schema.kind === "options" && schema.options.some(({ schema: s }) => hasNumber(s)))
  );
}

export type RefusalCode =
  | "invalid_type"
  | "invalid_literal"
  | "invalid_enum"
  | "invalid_format"
  | "invalid_union"
  | "not_allowed";

/** What a present value that does not fit is called. */
export function issueCode(schema: CoreSchema): RefusalCode {
  switch (schema.kind) {
    case "literal":
    case "bigint-literal":
      return "invalid_literal";
    case "enum":
      return "invalid_enum";
    case "string":
      return schema.pattern === undefined ? "invalid_type" : "invalid_format";
    case "never":
      return "not_allowed";
    case "options":
      return schema.options.every(({ schema: s }) => s.kind === "literal" || s.kind === "enum")
        ? "invalid_enum"
        : "invalid_union";
    default:
      return "invalid_type";
  }
}

/** For the end of a union: what all of it must be. */
export function unionExpectation(m: ModuleText, shape: Shape): string {
  return typeName({ shape, nullable: false, undefinable: false }, m.shapes, "one of ");
}
