// Prints schemas as the TypeScript a person would write for them: the type itself and, below it, every named type it uses.
import type { ObjectSchema, Property, Schema, Schemas, TupleItem } from "@tenon/model";

/** "{ id: string }" or a name with its definitions after it; parts are separated by blank lines. */
export function schemaText(schema: Schema, schemas: Schemas): string {
  const names = new Set<string>();
  const main = printType(schema, "", names);
  const definitions: string[] = [];
  // A Set's iterator also visits what is added while it runs: definitions of definitions are found by the same loop.
  for (const name of names) definitions.push(printDefinition(name, schemas[name], names));
  const aloneByName = schema.kind === "ref" && definitions.length > 0;
  return (aloneByName ? definitions : [main, ...definitions]).join("\n\n");
}

function printDefinition(name: string, schema: Schema | undefined, names: Set<string>): string {
  if (schema === undefined) return `type ${name} = unknown`;
  if (schema.kind === "enum" && schema.name !== undefined) {
    return `type ${name} = ${schema.values.map((value) => JSON.stringify(value)).join(" | ")}`;
  }
  const text = printType(schema, "", names);
  return schema.kind === "object" ? `interface ${name} ${text}` : `type ${name} = ${text}`;
}

function printType(schema: Schema, indent: string, names: Set<string>): string {
  const inner = (next: Schema) => printType(next, indent, names);
  switch (schema.kind) {
    case "ref":
      names.add(schema.name);
      return schema.name;
    case "string":
      return schema.template ?? "string";
    case "literal":
      return JSON.stringify(schema.value);
    case "bigint-literal":
      return `${schema.value}n`;
    case "enum":
      return schema.name ?? schema.values.map((value) => JSON.stringify(value)).join(" | ");
    case "date":
      return "Date";
    case "bytes":
      return "Uint8Array";
    case "url":
      return "URL";
    case "array":
      return needsParentheses(schema.items) ? `(${inner(schema.items)})[]` : `${inner(schema.items)}[]`;
    case "set":
      return `Set<${inner(schema.items)}>`;
    case "map":
      return `Map<${inner(schema.key)}, ${inner(schema.value)}>`;
    case "tuple":
      return `[${tupleItems(schema, indent, names).join(", ")}]`;
    case "union":
      return printUnion(schema.options, indent, names);
    case "object":
      return printObject(schema, indent, names);
    default:
      return schema.kind;
  }
}

function needsParentheses(schema: Schema): boolean {
  return schema.kind === "union" || (schema.kind === "enum" && schema.name === undefined);
}

function tupleItems(schema: Extract<Schema, { kind: "tuple" }>, indent: string, names: Set<string>): string[] {
  const item = ({ schema: type, optional, label }: TupleItem) => {
    const text = printType(type, indent, names);
    if (label !== undefined) return `${label}${optional ? "?" : ""}: ${text}`;
    if (!optional) return text;
    return needsParentheses(type) ? `(${text})?` : `${text}?`;
  };
  const rest =
    schema.rest === undefined ? [] : [`...${printType({ kind: "array", items: schema.rest }, indent, names)}`];
  return [...schema.items.map(item), ...rest, ...(schema.suffix ?? []).map(item)];
}

function printUnion(options: readonly Schema[], indent: string, names: Set<string>): string {
  if (options.length === 0) return "never";
  const deep = options.filter((option) => option.kind === "object").length > 1;
  if (!deep) return options.map((option) => printType(option, indent, names)).join(" | ");
  const next = `${indent}  `;
  return options.map((option) => `\n${next}| ${printType(option, next, names)}`).join("");
}

function printObject(schema: ObjectSchema, indent: string, names: Set<string>): string {
  const next = `${indent}  `;
  const lines = schema.properties.flatMap((property) => propertyLines(property, next, names));
  for (const { key, value } of schema.index ?? []) {
    lines.push(`${next}[key: ${printType(key, next, names)}]: ${printType(value, next, names)};`);
  }
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function propertyLines(property: Property, indent: string, names: Set<string>): string[] {
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(property.name)
    ? property.name
    : JSON.stringify(property.name);
  const text = printType(property.schema, indent, names);
  const type = property.placement === undefined ? text : placed(property.placement, property.name, text);
  const line = `${indent}${name}${property.optional ? "?" : ""}: ${type};`;
  return property.description === undefined ? [line] : [...commentLines(property.description, indent), line];
}

function placed(placement: NonNullable<Property["placement"]>, name: string, type: string): string {
  const wrapper = placement.in === "header" ? "Header" : "Query";
  const own = type === "string" ? "" : type;
  const wire = placement.name === name ? "" : JSON.stringify(placement.name);
  const inside = [own, wire].filter((part) => part !== "").join(", ");
  return inside === "" ? wrapper : `${wrapper}<${inside}>`;
}

function commentLines(description: string, indent: string): string[] {
  const lines = description.trim().split("\n");
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line.trim()}`), `${indent} */`];
}
