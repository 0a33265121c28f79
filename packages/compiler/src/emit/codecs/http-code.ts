// `decodeHttp`: a request from outside, whose fields are spread over path, query, headers and body.
import type { Endpoint, ObjectSchema, Property, RequestField, Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import { cookieValue, isQueryType, queryMethods } from "../../graph/request-fields.ts";
import { parameterNames } from "../../graph/path.ts";
import { defaultCode } from "./default-code.ts";
import { type ModuleText, pascalCase } from "./module-text.ts";
import { assign, createLocals, objectLines } from "./object-code.ts";
import { indent, member, pathSegment, quote } from "./quote.ts";
import { rootFunction } from "./root-code.ts";
import { ruleLines } from "./rule-code.ts";
import type { CoreSchema, Slot } from "./shapes.ts";
import { itemShape, textField, textFormOf } from "./text-code.ts";

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
  const test = `raw.body === undefined && ${JSON.stringify(bodyless)}.includes(raw.method)`;
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
  const parameters = parameterNames(endpoint.path);
  const lines: string[] = [];
  const members: string[] = [];
  const optional: string[] = [];
  if (hasBody(object, fields)) {
    const body = bodyFunction(m, object, fields, hint, mode);
    lines.push(`const body = ${body}(raw.body === undefined ? {} : raw.body, issues);`);
    members.push("...body");
  }
  const inQuery = endpoint.fields.filter((field) => field.in === "query").map(({ wireName }) => wireName);
  if (inQuery.length > 0 || endpoint.strict) lines.push(`const query = ${m.use("parseQuery")}(raw.query);`);
  if (endpoint.strict) lines.push(`${m.use("refuseUnknown")}(query, [${inQuery.map(quote).join(", ")}], issues);`);
  if (endpoint.fields.some((field) => field.in === "cookie"))
    lines.push(`const cookies = ${m.use("parseCookies")}(raw.header("cookie"));`);
  for (const property of object.properties) {
    const field = fields.get(property.name);
    if (field === undefined || field.in === "body") continue;
    const found = m.shapes.slotOf(property.schema);
    const slot = property.optional ? { ...found, undefinable: true } : found;
    const variable = locals(ownVariables.has(property.name) ? `${property.name}Field` : property.name);
    const position = parameters.indexOf(field.wireName);
    lines.push(...fieldLines(m, property, slot, field, variable, { hint, mode, locals, position }));
    if (slot.undefinable && property.default === undefined)
      optional.push(`if (${variable} !== undefined) ${assign(m, property.name, variable)};`);
    else members.push(member(property.name, variable));
  }
  const result = members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  lines.push(
    ...(optional.length === 0 ? [`return ${result};`] : [`const result = ${result};`, ...optional, "return result;"]),
  );
  const name = m.uniqueName(`decodeHttp${hint}`);
  m.add([`function ${name}(raw, issues) {`, ...indent(lines), "}"]);
  return name;
}

/** Variables of the function itself. */
const ownVariables = new Set(["query", "body", "cookies"]);

interface Reading {
  readonly hint: string;
  readonly mode: "decode" | "strict";
  /** Of a path parameter among those of the pattern. */
  readonly position: number;
}

/** Reads one field out of its texts into `variable`, fills in its default, and checks its rules. */
function fieldLines(
  m: ModuleText,
  property: Property,
  slot: Slot,
  field: RequestField,
  variable: string,
  { hint, mode, locals, position }: Reading & { readonly locals: (name: string) => string },
): string[] {
  const inside = hint + pascalCase(property.name);
  const byDefault =
    property.default === undefined
      ? []
      : [`if (${variable} === undefined) ${variable} = ${defaultCode(m, property.schema, property.default)};`];
  if (field.in !== "cookie") {
    const read = readCode(m, property.schema, slot, field, { hint: inside, mode, position });
    const rules = textRuleLines(m, slot, variable, quote(pathSegment(field.name)));
    const orDefault = byDefault.length > 0 && rules.length > 0 ? ["else {", ...indent(rules), "}"] : rules;
    return [`${byDefault.length > 0 ? "let" : "const"} ${variable} = ${read};`, ...byDefault, ...orDefault];
  }
  const value = cookieValue(property.schema, m.schemas)!;
  const valueSlot = { ...m.shapes.slotOf(value), undefinable: slot.undefinable };
  const text = locals(`${variable}Value`);
  const path = quote(`${pathSegment(field.name)}.value`);
  return [
    `const ${text} = ${readCode(m, value, valueSlot, field, { hint: inside, mode, position })};`,
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

/** The part of the request that is in the body, read like an object of its own. */
function bodyFunction(
  m: ModuleText,
  object: ObjectSchema,
  fields: Fields,
  hint: string,
  mode: Reading["mode"],
): string {
  const isInBody = (name: string) => (fields.get(name)?.in ?? "body") === "body";
  const schema: ObjectSchema = { ...object, properties: object.properties.filter(({ name }) => isInBody(name)) };
  const name = m.uniqueName(`decodeBody${hint}`);
  const wireNames = new Map(
    schema.properties.map((property) => [property.name, fields.get(property.name)?.wireName ?? property.name]),
  );
  const taken = object.properties.filter((property) => !isInBody(property.name)).map((property) => property.name);
  const wanted = { name, shape: { schema, name: null }, mode, hint: `${hint}Body` };
  const lines = objectLines(m, schema, wanted, { expected: "an object as the JSON body", wireNames, taken });
  const depth = lines.some((line) => line.includes(", depth")) ? ["const depth = 0;"] : [];
  m.add([`function ${name}(value, issues) {`, ...indent([...depth, ...lines]), "}"]);
  return name;
}

const subjects = {
  path: "path parameter",
  query: "query parameter",
  header: "header",
  cookie: "cookie",
  body: "body field",
} as const;

function readCode(
  m: ModuleText,
  schema: Schema,
  slot: Slot,
  field: RequestField,
  { hint, mode, position }: Reading,
): string {
  const { shape, nullable, undefinable } = slot;
  // Headers and cookies carry credentials: messages must not repeat them.
  const place = {
    path: pathSegment(field.name),
    subject: `${subjects[field.in]} ${JSON.stringify(field.wireName)}`,
    quoted: field.in !== "header" && field.in !== "cookie",
  };
  const form = textFormOf(m, slot);
  const texts = textsCode(m, field, position, form !== "one" && form !== "json");
  const one = (of: typeof shape, suffix = "") => textField(m, hint + suffix, of, nullable, place);
  const reader = undefinable ? "readOptional" : "readRequired";
  switch (form) {
    case "one":
      return `${m.use(reader)}(${one(shape)}, ${texts}, issues)`;
    case "json": {
      const decode = rootFunction(m, schema, mode, hint);
      const text = textField(m, hint, shape, nullable, place, true);
      return `${m.use("readJson")}(${text}, ${m.use(reader)}, ${decode}, ${texts}, issues)`;
    }
    case "list":
    case "set": {
      const read = m.use(form === "list" ? "readList" : "readSet");
      const code = `${read}(${one(itemShape(m, shape))}, ${texts}, issues)`;
      return undefinable ? `${texts} === undefined ? undefined : ${code}` : code;
    }
    case "one-or-list": {
      const options = shape.schema.kind === "options" ? shape.schema.options : [];
      const scalars = options.filter((option) => option.schema.kind !== "array");
      const list = options.find((option) => option.schema.kind === "array")!;
      const single = one({ schema: { kind: "options", options: scalars }, name: null });
      const code = `${m.use("readOneOrList")}(${single}, ${one(itemShape(m, list), "Item")}, ${texts}, issues)`;
      return undefinable ? `${texts} === undefined ? undefined : ${code}` : code;
    }
  }
}

function textsCode(m: ModuleText, field: RequestField, position: number, list: boolean): string {
  const name = quote(field.wireName);
  switch (field.in) {
    case "path":
      return `${m.use("oneText")}(raw.params[${position}])`;
    case "query":
      return `query.get(${name})`;
    case "cookie":
      return `${m.use("cookieTexts")}(cookies, ${name})`;
    default:
      return `${m.use(list ? "headerListTexts" : "oneText")}(raw.header(${name}))`;
  }
}
