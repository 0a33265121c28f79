// Functions for unions of two or more options besides null and undefined: told apart by what JavaScript can see, then by a
// discriminant, then by trying.
import { oneOf, typeName } from "./describe.ts";
import type { CodecFunction, ModuleText } from "./module-text.ts";
import { access, indent, quote } from "./quote.ts";
import { inlineCode, issueCode, unionExpectation } from "./scalar-code.ts";
import { rulesHold, rulesOf } from "./rule-code.ts";
import type { OptionsSchema, Shape } from "./shapes.ts";
import { findTags, isFromWire, type Mode, type Tag } from "./traits.ts";
import { callCode, functionName } from "./value-code.ts";

/** Scalars first: their tests are the cheapest. */
const tagOrder: readonly Tag[] = [
  "string",
  "number",
  "boolean",
  "bigint",
  "decimal",
  "date",
  "bytes",
  "url",
  "map",
  "set",
  "array",
  "object",
];

export function unionLines(m: ModuleText, schema: OptionsSchema, wanted: CodecFunction): string[] {
  const { mode, shape } = wanted;
  if (mode === "copy" && m.traits.copiesByWire(schema)) return copyByWire(m, wanted);
  const groups = m.traits.candidates(schema, mode);
  const lines: string[] = [];
  for (const tag of tagOrder) {
    const group = groups.get(tag);
    if (group === undefined) continue;
    lines.push(`if (${tagTest(m, tag)}) {`, ...indent(groupLines(m, schema, tag, group, wanted)), "}");
  }
  if (isFromWire(mode) && takesIntegers(groups)) lines.push(integerLine(m));
  const refuse = m.use(groups.has("number") ? "refuseNumber" : "refuse");
  lines.push(
    `return void ${refuse}(issues, "", ${quote(issueCode(schema))}, ${quote(unionExpectation(m, shape))}, value);`,
  );
  return lines;
}

function copyByWire(m: ModuleText, { shape, hint }: CodecFunction): string[] {
  const depth = m.shapes.reachesRecursion(shape) ? ", depth" : "";
  return [
    "// Two options look alike on the wire: what arrives is what a caller elsewhere would get.",
    "const before = issues.length;",
    `const wire = ${m.functionFor(shape, "encode", hint)}(value, issues${depth});`,
    `return issues.length === before ? ${m.functionFor(shape, "decode", hint)}(wire, issues${depth}) : undefined;`,
  ];
}

function tagTest(m: ModuleText, tag: Tag): string {
  switch (tag) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return `typeof value === "${tag}"`;
    case "array":
      return "Array.isArray(value)";
    default:
      return `${m.use(`is${tag[0]!.toUpperCase()}${tag.slice(1)}`)}(value)`;
  }
}

function groupLines(
  m: ModuleText,
  schema: OptionsSchema,
  tag: Tag,
  group: readonly Shape[],
  wanted: CodecFunction,
): string[] {
  const { mode, hint } = wanted;
  const only = group[0]!;
  const name = (index: number) => `${hint}Option${schema.options.indexOf(group[index]!) + 1}`;
  if (group.length === 1 && functionName(m, only, mode, name(0)) !== null) {
    return [`return ${callCode(m, only, mode, "value", name(0))};`];
  }
  if (group.length === 1 && rulesOf(only.schema).length > 0) return ruledLines(m, only, mode);
  if (tag === "string" || tag === "number" || tag === "boolean" || tag === "bigint") {
    return group.map((shape) => scalarLine(m, shape, mode));
  }
  const tags = findTags(schema.discriminant, group, m.shapes);
  if (tags !== null) return switchLines(m, tags, group, mode, name);
  const functions = group.map((shape, index) => m.functionFor(shape, mode, name(index)));
  const options = m.constant("options", `[${functions.join(", ")}]`);
  const expected = typeName(
    { shape: { schema: { kind: "options", options: group }, name: null }, nullable: false, undefinable: false },
    m.shapes,
    "one of ",
  );
  const depth = wanted.shape !== undefined && m.shapes.reachesRecursion(wanted.shape) ? "depth" : "0";
  return [`return ${m.use("tryOptions")}(${options}, ${quote(expected)}, value, issues, ${depth});`];
}

/** The only option of its sort: what is wrong with the value is what is wrong with it as that. */
function ruledLines(m: ModuleText, shape: Shape, mode: Mode): string[] {
  const inline = inlineCode(m, shape, mode)!;
  return [
    `if (${inline.wrongType("value")}) return void ${inline.refuse('""', "value")};`,
    ...inline.ruleLines('""', "value", ""),
    `return ${inline.result("value")};`,
  ];
}

/** One option among several that are the same to `typeof`. */
function scalarLine(m: ModuleText, shape: Shape, mode: Mode): string {
  const inline = inlineCode(m, shape, mode);
  if (inline !== null) {
    const { kind } = shape.schema;
    if (
      kind === "boolean" ||
      (shape.schema.kind === "string" && shape.schema.pattern === undefined && rulesOf(shape.schema).length === 0)
    ) {
      return "return value;";
    }
    const wrong = inline.wrong("value");
    return `if (!(${wrong})) return ${inline.result("value")};`;
  }
  return convertLine(m, shape, mode);
}

const fromText = {
  bigint: "bigintFromText",
  decimal: "decimalFromText",
  date: "dateFromText",
  url: "urlFromText",
  bytes: "bytesFromText",
} as const;

/** On the wire: text that says such a value is one. In memory only bigints are not told apart by their tag alone. */
function convertLine(m: ModuleText, shape: Shape, mode: Mode): string {
  const { kind } = shape.schema;
  if (isFromWire(mode) && kind in fromText) {
    const parse = m.use(fromText[kind as keyof typeof fromText]);
    const holds = rulesHold(m, shape.schema, "found");
    const found = holds === null ? "found !== undefined" : `found !== undefined && (${holds})`;
    return `{ const found = ${parse}(value); if (${found}) return found; }`;
  }
  return `return ${callCode(m, shape, mode, "value", "")};`;
}

function switchLines(
  m: ModuleText,
  tags: NonNullable<ReturnType<typeof findTags>>,
  group: readonly Shape[],
  mode: Mode,
  name: (index: number) => string,
): string[] {
  const { property, values } = tags;
  const tag = property in Object.prototype ? `${m.use("own")}(value, ${quote(property)})` : access("value", property);
  const lines = [`switch (${tag}) {`];
  for (const [index, shape] of group.entries()) {
    for (const value of values[index]!) lines.push(`  case ${quote(value)}:`);
    lines.push(`    return ${callCode(m, shape, mode, "value", name(index))};`);
  }
  const path = quote(pathOf(property));
  const refusal = `${m.use("refuse")}(issues, ${path}, "invalid_discriminant", ${quote(oneOf(values.flat()))}, ${tag})`;
  return [...lines, "  default:", `    return void ${refusal};`, "}"];
}

function pathOf(property: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(property) ? property : `[${JSON.stringify(property)}]`;
}

/** A JSON number stands for a bigint where no other option takes numbers. */
function takesIntegers(groups: ReadonlyMap<Tag, readonly Shape[]>): boolean {
  return !groups.has("number") && (groups.get("string") ?? []).some((shape) => shape.schema.kind === "bigint");
}

function integerLine(m: ModuleText): string {
  return `if (typeof value === "number" && Number.isSafeInteger(value)) return ${m.use("decodeBigint")}(value, issues);`;
}
