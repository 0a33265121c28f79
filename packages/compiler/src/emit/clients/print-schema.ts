// Prints a schema in TypeScript notation, for people: documentation comments of the clients.
import type { ObjectSchema, Property, Schema, TupleItem } from "@tenon/model";
import { childrenOf } from "../../schema/discriminant.ts";

const plainNames: Readonly<Partial<Record<Schema["kind"], string>>> = {
  number: "number",
  boolean: "boolean",
  bigint: "bigint",
  decimal: "Decimal",
  null: "null",
  undefined: "undefined",
  any: "any",
  never: "never",
  date: "Date",
  bytes: "Uint8Array",
  url: "URL",
};

/** One line; named definitions appear by name. */
export function printSchema(schema: Schema): string {
  switch (schema.kind) {
    case "string":
      return schema.template ?? "string";
    case "literal":
      return JSON.stringify(schema.value);
    case "bigint-literal":
      return `${schema.value}n`;
    case "enum":
      return schema.name ?? schema.values.map((value) => JSON.stringify(value)).join(" | ");
    case "array":
      return `${printOperand(schema.items)}[]`;
    case "tuple":
      return printTuple(schema);
    case "object":
      return printObject(schema);
    case "map":
      return `Map<${printSchema(schema.key)}, ${printSchema(schema.value)}>`;
    case "set":
      return `Set<${printSchema(schema.items)}>`;
    case "union":
      return schema.options.map(printOperand).join(" | ");
    case "ref":
      return schema.name;
    default:
      return plainNames[schema.kind] ?? schema.kind;
  }
}

/** Names of the definitions that a schema mentions directly. */
export function referencedNames(schema: Schema): string[] {
  const names: string[] = [];
  const visit = (part: Schema): void => {
    if (part.kind === "ref") names.push(part.name);
    else for (const child of childrenOf(part)) visit(child);
  };
  visit(schema);
  return names;
}

/** In a place where a union would be misread. */
function printOperand(schema: Schema): string {
  const text = printSchema(schema);
  const isUnion = schema.kind === "union" || (schema.kind === "enum" && schema.name === undefined);
  return isUnion ? `(${text})` : text;
}

function printObject(schema: ObjectSchema): string {
  const members = [
    ...schema.properties.map(printProperty),
    ...(schema.index ?? []).map(({ key, value }) => `[key: ${printSchema(key)}]: ${printSchema(value)}`),
  ];
  return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
}

function printProperty({ name, schema, optional, placement }: Property): string {
  const key = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
  const type = printSchema(schema);
  return `${key}${optional ? "?" : ""}: ${placement === undefined ? type : printPlacement(placement, type)}`;
}

function printPlacement(placement: NonNullable<Property["placement"]>, type: string): string {
  if (placement.in === "status") return "HttpStatus";
  if (placement.in === "cookie") return `Cookie<${JSON.stringify(placement.name)}>`;
  return `${placement.in === "header" ? "Header" : "Query"}<${type}, ${JSON.stringify(placement.name)}>`;
}

function printTuple(schema: Extract<Schema, { kind: "tuple" }>): string {
  const items = schema.items.map(printTupleItem);
  if (schema.rest !== undefined) items.push(`...${printOperand(schema.rest)}[]`);
  items.push(...(schema.suffix ?? []).map(printTupleItem));
  return `[${items.join(", ")}]`;
}

function printTupleItem({ schema, optional, label }: TupleItem): string {
  const mark = optional ? "?" : "";
  return label === undefined ? `${printOperand(schema)}${mark}` : `${label}${mark}: ${printSchema(schema)}`;
}
