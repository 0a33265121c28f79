// Fields that travel as text in a query, path or header: the objects that tell the runtime how to read them.
import { expectation, typeName } from "./describe.ts";
import type { ModuleText } from "./module-text.ts";
import { indent, quote } from "./quote.ts";
import { rulesHold, rulesOf } from "./rule-code.ts";
import { issueCode, patternConstant } from "./scalar-code.ts";
import type { CoreSchema, Shape, Slot } from "./shapes.ts";

/** How a field's value is spread over texts. */
export type TextForm = "one" | "list" | "set" | "one-or-list" | "json";

export function textFormOf(m: ModuleText, slot: Slot): TextForm {
  const { schema } = slot.shape;
  if (schema.kind === "array") return isText(m.shapes.slotOf(schema.items).shape) ? "list" : "json";
  if (schema.kind === "set") return isText(m.shapes.slotOf(schema.items).shape) ? "set" : "json";
  if (isText(slot.shape)) return "one";
  if (schema.kind === "options") {
    const lists = schema.options.filter((option) => option.schema.kind === "array");
    const others = schema.options.filter((option) => option.schema.kind !== "array");
    if (lists.length === 1 && others.every(isText) && isText(itemShape(m, lists[0]!))) return "one-or-list";
  }
  return "json";
}

/** The shape of the items of an array. */
export function itemShape(m: ModuleText, shape: Shape): Shape {
  if (shape.schema.kind !== "array" && shape.schema.kind !== "set")
    throw new Error(`${shape.schema.kind} has no items`);
  return m.shapes.slotOf(shape.schema.items).shape;
}

const textKinds = new Set<CoreSchema["kind"]>([
  "string",
  "number",
  "boolean",
  "bigint",
  "bigint-literal",
  "decimal",
  "literal",
  "enum",
  "date",
  "bytes",
  "url",
  "any",
]);

function isText({ schema }: Shape): boolean {
  return schema.kind === "options" ? schema.options.every(isText) : textKinds.has(schema.kind);
}

export interface FieldPlace {
  readonly path: string;
  readonly subject: string;
  readonly quoted: boolean;
}

/** A constant that satisfies the runtime's `TextField`. `json`: read the text as JSON, whatever the shape. */
export function textField(
  m: ModuleText,
  hint: string,
  shape: Shape,
  nullable: boolean,
  place: FieldPlace,
  json = false,
): string {
  const name = m.uniqueName(`$${hint[0]!.toLowerCase()}${hint.slice(1)}`);
  const read = json ? [`return ${m.use("jsonFromText")}(text);`] : readLines(m, shape, nullable);
  m.add([
    `const ${name} = {`,
    ...indent([
      `path: ${quote(place.path)},`,
      `subject: ${quote(place.subject)},`,
      `code: ${quote(json ? "invalid_format" : textCode(shape))},`,
      `expected: ${quote(json ? "JSON" : textExpectation(m, shape, nullable))},`,
      `quoted: ${place.quoted},`,
      "read(text) {",
      ...indent(read),
      "},",
    ]),
    "};",
  ]);
  return name;
}

function textCode(shape: Shape): string {
  const { kind } = shape.schema;
  return kind === "bigint" || kind === "decimal" || kind === "date" || kind === "bytes" || kind === "url"
    ? "invalid_format"
    : issueCode(shape.schema);
}

const written = {
  bigint: "a whole number",
  decimal: "a decimal number",
  date: "a date and time such as 2026-01-31T09:30:00Z",
  bytes: "base64",
  url: "an absolute URL",
} as const;

function textExpectation(m: ModuleText, shape: Shape, nullable: boolean): string {
  const { kind } = shape.schema;
  if (nullable || kind === "options") return typeName({ shape, nullable, undefinable: false }, m.shapes, "one of ");
  return kind in written ? written[kind as keyof typeof written] : expectation(shape, m.shapes);
}

/** Most specific first, as for JSON strings; numbers before bigints, for both are digits. */
const order: readonly CoreSchema["kind"][] = [
  "literal",
  "enum",
  "bigint-literal",
  "boolean",
  "number",
  "bigint",
  "decimal",
  "date",
  "url",
  "string",
  "any",
  "bytes",
];

function readLines(m: ModuleText, shape: Shape, nullable: boolean): string[] {
  // Rules of the only thing it can be are checked afterwards, to say which does not hold; those of several decide which it is.
  const decides = shape.schema.kind === "options";
  const parts = (shape.schema.kind === "options" ? shape.schema.options : [shape]).map((part) => part.schema);
  const takesAll = (schema: CoreSchema) =>
    schema.kind === "any" ||
    (schema.kind === "string" && schema.pattern === undefined && !(decides && rulesOf(schema).length > 0));
  const sorted = [...parts].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || Number(takesAll(a)) - Number(takesAll(b)),
  );
  const lines: string[] = [];
  // Text that may be any string stays a string: somebody is called Null.
  if (nullable && !parts.some(takesAll)) lines.push('if (text === "null") return null;');
  for (const [index, part] of sorted.entries()) {
    const line = readLine(m, part, index === sorted.length - 1, decides);
    lines.push(line);
    if (takesAll(part)) break;
  }
  if (!lines.at(-1)!.startsWith("return ")) lines.push("return undefined;");
  return lines;
}

const parsers = {
  number: "numberFromText",
  boolean: "booleanFromText",
  bigint: "bigintFromText",
  decimal: "decimalFromText",
  date: "dateFromText",
  url: "urlFromText",
  bytes: "bytesFromText",
} as const;

function readLine(m: ModuleText, schema: CoreSchema, last: boolean, decides: boolean): string {
  const holds = (variable: string) => (decides ? rulesHold(m, schema, variable) : null);
  switch (schema.kind) {
    case "any":
      return "return text;";
    case "string":
      return stringLine(m, schema.pattern, holds("text"));
    case "literal":
      return literalLine(m, schema.value);
    case "enum":
      return schema.values.map((value) => literalLine(m, value)).join(" ");
    case "bigint-literal":
      return `if (text === ${quote(schema.value)}) return ${BigInt(schema.value)}n;`;
    default: {
      const parse = `${m.use(parsers[schema.kind as keyof typeof parsers])}(text)`;
      const rules = holds("found");
      if (last && rules === null) return `return ${parse};`;
      const found = rules === null ? "found !== undefined" : `found !== undefined && (${rules})`;
      return `{ const found = ${parse}; if (${found}) return found; }`;
    }
  }
}

function stringLine(m: ModuleText, pattern: string | undefined, holds: string | null): string {
  const test = pattern === undefined ? null : `${patternConstant(m, pattern)}.test(text)`;
  const tests = [test, holds].filter((part) => part !== null);
  return tests.length === 0 ? "return text;" : `if ((${tests.join(") && (")})) return text;`;
}

function literalLine(m: ModuleText, value: string | number | boolean): string {
  if (typeof value === "number")
    return `if (${m.use("numberFromText")}(text) === ${value}) return ${value === 0 ? 0 : value};`;
  return `if (text === ${quote(String(value))}) return ${quote(value)};`;
}
