// Functions for objects: named properties, then index signatures. Only what is declared is read, and only that is in the result.
import type { ObjectSchema, Property, Schema, StringSchema } from "@tenon/model";
import { defaultCode } from "./default-code.ts";
import { expectation } from "./describe.ts";
import type { CodecFunction, ModuleText } from "./module-text.ts";
import { pascalCase } from "./module-text.ts";
import { access, indent, pathSegment, quote } from "./quote.ts";
import { type GivenField, openResultLines, resultLines } from "./result-code.ts";
import { rulesHold, rulesOf } from "./rule-code.ts";
import { ruleIssue } from "./rule-words.ts";
import { patternConstant } from "./scalar-code.ts";
import type { Slot } from "./shapes.ts";
import { isFromWire, type Mode } from "./traits.ts";
import { needsCall, placeCode } from "./value-code.ts";

/** How a body of a public request differs from the object in a typed call. */
export interface BodyVariant {
  readonly expected: string;
  /** Property name -> name on the wire, where it differs. */
  readonly wireNames: ReadonlyMap<string, string>;
  /** Fields from elsewhere, in variables that are in scope: not for the index signatures. */
  readonly given: readonly GivenField[];
}

/** How many names are compared one by one before a Set of them is quicker. */
const fewNames = 6;

export function objectLines(m: ModuleText, schema: ObjectSchema, wanted: CodecFunction, body?: BodyVariant): string[] {
  const { mode } = wanted;
  const index = [...(schema.index ?? [])].sort((a, b) => keyRank(a.key) - keyRank(b.key));
  const given = new Map(body?.given.map((field) => [field.name, field]));
  const read = schema.properties.filter(({ name }) => !given.has(name));
  const locals = createLocals(body?.given.map(({ variable }) => variable));
  const isClosed = mode === "strict" && index.length === 0;
  const calls =
    index.length > 0 || isClosed || read.some((property) => needsCall(m, m.shapes.slotOf(property.schema), mode));
  const fields = new Map(
    read.map((property) => [property.name, fieldCode(m, property, { ...wanted, keepsSeen: calls }, locals, body)]),
  );
  const all = schema.properties.map(({ name }) => given.get(name) ?? fields.get(name)!);
  // A default makes no difference to what passes for an object.
  const nothingRequired = [...fields.values()].every((field) => field.optional || field.hasDefault);
  const expected = quote(body?.expected ?? "an object");
  const lines = [
    `if (!${objectTest(m, mode, nothingRequired)}(value)) return void ${m.use("refuse")}(issues, "", "invalid_type", ${expected}, value);`,
    ...(calls ? ["let seen = issues.length;"] : []),
    ...[...fields.values()].flatMap((field) => field.lines),
    ...(isClosed ? refuseUnknownLines(m, read, body) : []),
  ];
  if (index.length === 0) return [...lines, ...resultLines(m, all)];
  const names = [...read.map(({ name }) => body?.wireNames.get(name) ?? name), ...given.keys()];
  return [...lines, ...openResultLines(m, all), ...indexLines(m, index, names, mode, wanted.hint), "return result;"];
}

/** Fields that are not declared are refused, where they would otherwise be dropped. */
function refuseUnknownLines(m: ModuleText, read: readonly Property[], body: BodyVariant | undefined): string[] {
  const names = read.map(({ name }) => body?.wireNames.get(name) ?? name);
  const known = names.map(quote);
  const isUnknown =
    names.length > fewNames
      ? `!${m.constant("names", `new Set([${known.join(", ")}])`)}.has(key)`
      : known.map((name) => `key !== ${name}`).join(" && ");
  const fail = `${m.use("fail")}(issues, ${m.use("pathSegment")}(key), "unknown_field", "is not a field of this type")`;
  const line = isUnknown === "" ? `seen = ${fail};` : `if (${isUnknown}) seen = ${fail};`;
  return ["for (const key of Object.keys(value)) {", ...indent([line]), "}"];
}

/** Where nothing is required, a Map or a Date in memory would pass for an empty object. */
function objectTest(m: ModuleText, mode: Mode, nothingRequired: boolean): string {
  return m.use(!isFromWire(mode) && nothingRequired ? "isFieldsObject" : "isObject");
}

interface FieldCode extends GivenField {
  readonly lines: readonly string[];
  readonly hasDefault: boolean;
}

function fieldCode(
  m: ModuleText,
  property: Property,
  wanted: CodecFunction & { readonly keepsSeen: boolean },
  locals: (name: string) => string,
  body: BodyVariant | undefined,
): FieldCode {
  const { mode, hint } = wanted;
  const found = m.shapes.slotOf(property.schema);
  const isFilled = property.default !== undefined && mode !== "encode";
  const slot: Slot = property.optional && !isFilled ? { ...found, undefinable: true } : found;
  const segment = quote(pathSegment(property.name));
  const variable = locals(property.name);
  const place = placeCode(m, slot, mode, {
    variable,
    source: sourceOf(m, body?.wireNames.get(property.name) ?? property.name),
    position: "property",
    path: segment,
    under: needsCall(m, slot, mode) ? `${m.use("under")}(issues, seen, ${segment})` : "",
    hint: hint + pascalCase(property.name),
    keepsSeen: wanted.keepsSeen,
    ...(isFilled ? { byDefault: defaultCode(m, property.schema, property.default) } : {}),
  });
  return {
    name: property.name,
    variable,
    lines: place.lines,
    result: place.result,
    optional: slot.undefinable,
    hasDefault: property.default !== undefined,
  };
}

/** In memory a class may compute a property, and parsed JSON inherits from Object alone, from which no property comes. */
function sourceOf(m: ModuleText, name: string): string {
  if (name in Object.prototype) return `${m.use("own")}(value, ${quote(name)})`;
  return access("value", name);
}

function indexLines(
  m: ModuleText,
  index: NonNullable<ObjectSchema["index"]>,
  names: readonly string[],
  mode: Mode,
  hint: string,
): string[] {
  const segment = `${m.use("pathSegment")}(key)`;
  const body: string[] = [];
  if (names.length > 0) body.push(`if (${names.map((name) => `key === ${quote(name)}`).join(" || ")}) continue;`);
  body.push(...(isFromWire(mode) ? [] : ["if (value[key] === undefined) continue;"]));
  for (const [position, { key, value }] of index.entries()) {
    const slot = m.shapes.slotOf(value);
    const place = placeCode(m, slot, mode, {
      variable: "item",
      source: "value[key]",
      position: "property",
      path: segment,
      under: `${m.use("underKey")}(issues, seen, key)`,
      hint: `${hint}Value${index.length > 1 ? position + 1 : ""}`,
      keepsSeen: true,
    });
    const set = `${m.use("setOwn")}(result, key, ${place.result});`;
    const lines = [...place.lines, slot.undefinable ? `if (item !== undefined) ${set}` : set];
    const test = keyTest(m, key, "key");
    if (test === "true") {
      body.push(...lines);
      return ["for (const key of Object.keys(value)) {", ...indent(body), "}"];
    }
    body.push(`if (${test}) {`, ...indent([...lines, "continue;"]), "}");
  }
  const allowed = `must be a property named ${index.map(({ key }) => keyName(m, key)).join(" or ")}`;
  body.push(`seen = ${m.use("fail")}(issues, ${segment}, "not_allowed", ${quote(allowed)});`);
  return ["for (const key of Object.keys(value)) {", ...indent(body), "}"];
}

function keyRank(key: Schema): number {
  return key.kind === "string" && key.pattern === undefined && key.rules === undefined ? 1 : 0;
}

/** A condition on a property name. */
export function keyTest(m: ModuleText, schema: Schema, variable: string): string {
  const { shape } = m.shapes.slotOf(schema);
  const parts = shape.schema.kind === "options" ? shape.schema.options.map((option) => option.schema) : [shape.schema];
  const tests = parts.map((part) => {
    switch (part.kind) {
      case "string":
        return stringTest(m, part, variable);
      case "number":
        return `${m.use("isNumberKey")}(${variable})`;
      case "literal":
        return `${variable} === ${quote(String(part.value))}`;
      case "enum":
        return part.values.map((value) => `${variable} === ${quote(String(value))}`).join(" || ");
      default:
        throw new Error(`a property name cannot be a ${part.kind}`);
    }
  });
  return tests.includes("true") ? "true" : tests.join(" || ");
}

function stringTest(m: ModuleText, string: StringSchema, variable: string): string {
  const pattern = string.pattern === undefined ? null : `${patternConstant(m, string.pattern)}.test(${variable})`;
  const parts = [pattern, rulesHold(m, string, variable)].filter((part) => part !== null);
  return parts.length === 0 ? "true" : parts.length === 1 ? parts[0]! : `(${parts.join(") && (")})`;
}

function keyName(m: ModuleText, key: Schema): string {
  const { shape } = m.shapes.slotOf(key);
  const rules = rulesOf(shape.schema).map((rule) => ruleIssue(rule, shape.schema).message);
  if (rules.length > 0) return `like a string that ${rules.join(" and ")}`;
  return shape.schema.kind === "number"
    ? "like a number"
    : `like ${expectation(shape, m.shapes).replace(/^a string like /, "")}`;
}

const reserved = new Set(
  (
    "value issues depth seen result key index item raw await break case catch class const continue debugger default delete do else enum " +
    "export extends false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield arguments eval undefined NaN Infinity " +
    "Object Array Number String Date Map Set URL RegExp codecs"
  ).split(" "),
);

/** Names of variables within one function: the property's own where that can be one, and never that of something at the top. */
export function createLocals(names: readonly string[] = []): (name: string) => string {
  const taken = new Set(names);
  return (name) => {
    const base = /^[a-z_][A-Za-z0-9_]*$/.test(name) && !isTopLevel(name) ? name : `field${taken.size + 1}`;
    let unique = base;
    for (let count = 2; taken.has(unique); count++) unique = `${base}_${count}`;
    taken.add(unique);
    return unique;
  };
}

const runtimeWords =
  /^(?:headerListTexts|openQuery|putLast|queryTexts?|refuse|refuseNumber|fail|under|underIndex|underKey|pathSegment|own|setOwn|is[A-Z].*|read[A-Z].*|try[A-Z].*|take[A-Z].*|has[A-Z].*|cookieTexts|check[A-Z].*|parse[A-Z].*|(?:number|boolean|bigint|decimal|date|url|bytes)FromText|.*Texts|max[A-Z].*)$/;

function isTopLevel(name: string): boolean {
  return (
    reserved.has(name) ||
    /^(?:decode|strict|encode|copy)[A-Z]/.test(name) ||
    runtimeWords.test(name) ||
    name.startsWith("$")
  );
}
