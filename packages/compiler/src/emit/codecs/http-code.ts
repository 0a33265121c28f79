// `decodeHttp`: a request from outside, whose fields are spread over path, query, headers and body.
import type { Endpoint, ObjectSchema, Property, RequestField, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import { cookieValue, isQueryType, queryMethods } from "../../graph/request-fields.ts";
import { parameterNames } from "../../graph/path.ts";
import { defaultCode } from "./default-code.ts";
import { type ModuleText, pascalCase } from "./module-text.ts";
import { createLocals, objectLines } from "./object-code.ts";
import { indent, pathSegment, quote } from "./quote.ts";
import { type Reading, readCode } from "./read-code.ts";
import { type GivenField, resultLines } from "./result-code.ts";
import { ruleLines } from "./rule-code.ts";
import type { CoreSchema, Slot } from "./shapes.ts";
import { textFormOf } from "./text-code.ts";

/** Adds the function to the module; returns its name. `decode`: the function for the request as a typed call sends it. */
export function decodeHttpFunction(
  m: ModuleText,
  endpoint: Endpoint,
  schemas: Schemas,
  hint: string,
  decode: string,
): string {
  const main = decodeFieldsFunction(m, endpoint, schemas, hint, decode);
  const bodyless = endpoint.methods.filter((method) => queryMethods.has(method));
  if (bodyless.length === 0 || !endpoint.fields.some((field) => field.in === "body")) return main;
  const fields = fieldsInQuery(endpoint, schemas);
  const other = decodeFieldsFunction(m, { ...endpoint, fields }, schemas, `${hint}Query`, decode);
  const name = m.uniqueName(`decodeHttp${hint}Either`);
  // HEAD finds the routes of GET.
  const methods = bodyless.includes("GET") ? new Set([...bodyless, "HEAD"]) : bodyless;
  const isBodyless = [...methods].map((method) => `raw.method === ${quote(method)}`).join(" || ");
  const test = `raw.body === undefined && (${isBodyless})`;
  m.add([
    `function ${name}(raw, issues) {`,
    ...indent([`return ${test} ? ${other}(raw, issues) : ${main}(raw, issues);`]),
    "}",
  ]);
  return name;
}

/** The fields of an endpoint whose methods are of both kinds, for a request without a body. */
function fieldsInQuery(endpoint: Endpoint, schemas: Schemas): RequestField[] {
  const object = resolveSchema(endpoint.request!, schemas);
  const properties = object.kind === "object" ? object.properties : [];
  const fits = new Set(properties.filter(({ schema }) => isQueryType(schema, schemas)).map(({ name }) => name));
  return endpoint.fields.map((field) =>
    field.in === "body" && fits.has(field.name) ? { ...field, in: "query" } : field,
  );
}

function decodeFieldsFunction(
  m: ModuleText,
  endpoint: Endpoint,
  schemas: Schemas,
  hint: string,
  decode: string,
): string {
  const object = resolveSchema(endpoint.request!, schemas);
  if (object.kind !== "object") throw new Error(`the request of ${endpoint.name} is a ${object.kind}, not an object`);
  const fields = new Map(endpoint.fields.map((field) => [field.name, field]));
  const mode = endpoint.strict ? "strict" : "decode";
  if (isAllBody(object, fields) && !endpoint.strict) return bodyOnlyFunction(m, decode, hint);
  const locals = createLocals();
  const lines = openingLines(m, endpoint);
  const given: GivenField[] = [];
  for (const property of object.properties) {
    const field = fields.get(property.name);
    if (field === undefined || field.in === "body") continue;
    const found = m.shapes.slotOf(property.schema);
    const slot = property.optional ? { ...found, undefinable: true } : found;
    const variable = locals(ownVariables.has(property.name) ? `${property.name}Field` : property.name);
    const position = parameterNames(endpoint.path).indexOf(field.wireName);
    lines.push(...fieldLines(m, property, slot, field, variable, { hint, mode, locals, position }));
    const optional = slot.undefinable && property.default === undefined;
    given.push({ name: property.name, variable, result: variable, optional });
  }
  const whole = hasBody(object, fields)
    ? withBodyLines(m, lines, bodyFunction(m, object, fields, hint, mode, given), given)
    : [...lines, ...resultLines(m, given)];
  const name = m.uniqueName(`decodeHttp${hint}`);
  m.add([`function ${name}(raw, issues) {`, ...indent(whole), "}"]);
  return name;
}

/** Variables of the function itself. */
const ownVariables = new Set(["query", "cookies", "before", "between"]);

/** Names that a query can be searched for as it stands: see `queryText` of the runtime. */
const plainName = /^[!-$'-*,-<>-~]+$/;

function openingLines(m: ModuleText, endpoint: Endpoint): string[] {
  const inQuery = endpoint.fields.filter((field) => field.in === "query").map(({ wireName }) => wireName);
  const lines: string[] = [];
  if (inQuery.length > 0 || endpoint.strict) {
    const isSearched = !endpoint.strict && inQuery.every((name) => plainName.test(name));
    lines.push(`const query = ${m.use(isSearched ? "openQuery" : "parseQuery")}(raw.query);`);
  }
  if (endpoint.strict) lines.push(`${m.use("refuseUnknown")}(query, [${inQuery.map(quote).join(", ")}], issues);`);
  if (endpoint.fields.some((field) => field.in === "cookie"))
    lines.push(`const cookies = ${m.use("parseCookies")}(raw.header("cookie"));`);
  return lines;
}

/** Reads one field out of its texts into `variable`, fills in its default, and checks its rules. */
function fieldLines(
  m: ModuleText,
  property: Property,
  slot: Slot,
  field: RequestField,
  variable: string,
  { hint, mode, locals, position }: Omit<Reading, "variable">,
): string[] {
  const inside = hint + pascalCase(property.name);
  const byDefault =
    property.default === undefined
      ? []
      : [`if (${variable} === undefined) ${variable} = ${defaultCode(m, property.schema, property.default)};`];
  if (field.in !== "cookie") {
    const read = readCode(m, property.schema, slot, field, { hint: inside, mode, position, variable, locals });
    const rules = textRuleLines(m, slot, variable, quote(pathSegment(field.name)));
    const orDefault = byDefault.length > 0 && rules.length > 0 ? ["else {", ...indent(rules), "}"] : rules;
    const keyword = byDefault.length > 0 ? "let" : "const";
    return [...read.lines, `${keyword} ${variable} = ${read.code};`, ...byDefault, ...orDefault];
  }
  const value = cookieValue(property.schema, m.schemas)!;
  const valueSlot = { ...m.shapes.slotOf(value), undefinable: slot.undefinable };
  const text = locals(`${variable}Value`);
  const path = quote(`${pathSegment(field.name)}.value`);
  const read = readCode(m, value, valueSlot, field, { hint: inside, mode, position, variable, locals });
  return [
    ...read.lines,
    `const ${text} = ${read.code};`,
    ...textRuleLines(m, valueSlot, text, path),
    `${byDefault.length > 0 ? "let" : "const"} ${variable} = ${text} === undefined ? undefined : { value: ${text} };`,
    ...byDefault,
  ];
}

/** Rules of a value that came as text; one that could not be read is undefined and has its issue. */
function textRuleLines(m: ModuleText, { shape, nullable }: Slot, variable: string, path: string): string[] {
  const { schema } = shape;
  if (textFormOf(m, { shape, nullable, undefinable: true }) === "json") return [];
  const options =
    schema.kind === "options" ? schema.options.filter((option) => option.schema.kind === "array") : [shape];
  const test = (of: CoreSchema) => {
    if (schema.kind === "options") return `Array.isArray(${variable})`;
    return of.kind === "array" || of.kind === "set" || !nullable
      ? `${variable} !== undefined`
      : `${variable} !== undefined && ${variable} !== null`;
  };
  return options.flatMap(({ schema: of }) => {
    const lines = ruleLines(m, of, variable, path, "");
    if (of.kind === "array" || of.kind === "set") lines.push(...itemRuleLines(m, of, variable, path));
    return lines.length === 0 ? [] : [`if (${test(of)}) {`, ...indent(lines), "}"];
  });
}

function itemRuleLines(
  m: ModuleText,
  list: Extract<CoreSchema, { kind: "array" | "set" }>,
  variable: string,
  path: string,
): string[] {
  const items = m.shapes.slotOf(list.items);
  const rules = ruleLines(m, items.shape.schema, "item", `\`\${${path}}[\${index}]\``, "");
  if (rules.length === 0) return [];
  const isThere = items.nullable ? "item !== undefined && item !== null" : "item !== undefined";
  return [
    `for (const [index, item] of [...${variable}].entries()) {`,
    ...indent([`if (${isThere}) {`, ...indent(rules), "}"]),
    "}",
  ];
}

type Fields = ReadonlyMap<string, RequestField>;

function hasBody(object: ObjectSchema, fields: Fields): boolean {
  return (
    object.index !== undefined || object.properties.some(({ name }) => (fields.get(name)?.in ?? "body") === "body")
  );
}

function isAllBody(object: ObjectSchema, fields: Fields): boolean {
  return object.properties.every(({ name }) => {
    const field = fields.get(name);
    return field === undefined || (field.in === "body" && field.wireName === name);
  });
}

function bodyOnlyFunction(m: ModuleText, decode: string, hint: string): string {
  const name = m.uniqueName(`decodeHttp${hint}`);
  const body = `return ${decode}(raw.body === undefined ? {} : raw.body, issues);`;
  m.add([`function ${name}(raw, issues) {`, ...indent([body]), "}"]);
  return name;
}

/** The part of the request that is in the body, read like an object of its own that has the other fields already. */
function bodyFunction(
  m: ModuleText,
  object: ObjectSchema,
  fields: Fields,
  hint: string,
  mode: Reading["mode"],
  given: readonly GivenField[],
): string {
  const name = m.uniqueName(`decodeBody${hint}`);
  const wireNames = new Map(
    object.properties.map((property) => [property.name, fields.get(property.name)?.wireName ?? property.name]),
  );
  const wanted = { name, shape: { schema: object, name: null }, mode, hint: `${hint}Body` };
  const lines = objectLines(m, object, wanted, { expected: "an object as the JSON body", wireNames, given });
  const depth = lines.some((line) => line.includes(", depth")) ? ["const depth = 0;"] : [];
  const parameters = ["value", "issues", ...given.map(({ variable }) => variable)];
  m.add([`function ${name}(${parameters.join(", ")}) {`, ...indent([...depth, ...lines]), "}"]);
  return name;
}

/** Issues of the body come first, though it is read last: it makes the object, with the other fields in it. */
function withBodyLines(m: ModuleText, lines: readonly string[], body: string, given: readonly GivenField[]): string[] {
  const variables = given.map(({ variable }) => `, ${variable}`).join("");
  const read = `${body}(raw.body === undefined ? {} : raw.body, issues${variables})`;
  if (lines.length === 0) return [`return ${read};`];
  return [
    "const before = issues.length;",
    ...lines,
    "const between = issues.length;",
    `const result = ${read};`,
    `if (between !== before) ${m.use("putLast")}(issues, before, between);`,
    "return result;",
  ];
}
