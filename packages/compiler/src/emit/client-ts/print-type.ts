// Schemas as TypeScript types of the client.
import type { ObjectSchema, Property, Schema, TupleItem } from "@tenon/model";
import { commentLines } from "./comment-lines.ts";
import { propertyKey } from "./literal-text.ts";
import type { TypeNames } from "./type-names.ts";

export interface TypePrinter {
  /** `namespace`: where the text stands; names of its own need no prefix. */
  print(schema: Schema, namespace: string, indent: string): string;
  /** The members of an object type with its braces. */
  printObject(object: ObjectSchema, namespace: string, indent: string): string;
}

const plainTypes: Readonly<Partial<Record<Schema["kind"], string>>> = {
  string: "string",
  number: "number",
  boolean: "boolean",
  bigint: "bigint",
  null: "null",
  undefined: "undefined",
  any: "any",
  never: "never",
};

/** Kinds whose type is one of the platform's: a definition of the same name hides it. */
const platformTypes: Readonly<Partial<Record<Schema["kind"], string>>> = {
  date: "Date",
  bytes: "Uint8Array",
  url: "URL",
  map: "Map",
  set: "Set",
};

export function createTypePrinter(names: TypeNames): TypePrinter {
  const hidden = new Set([...names.definitions.values()].map(({ name }) => name));

  function platformType(kind: Schema["kind"]): string | undefined {
    const name = platformTypes[kind];
    return name !== undefined && hidden.has(name) ? `globalThis.${name}` : name;
  }

  function print(schema: Schema, namespace: string, indent: string): string {
    const inner = (child: Schema) => print(child, namespace, indent);
    switch (schema.kind) {
      case "string":
        return schema.template ?? "string";
      case "literal":
        return JSON.stringify(schema.value);
      case "bigint-literal":
        return `${schema.value}n`;
      case "enum":
        return schema.values.map((value) => JSON.stringify(value)).join(" | ");
      case "array":
        return `${operand(schema.items, inner)}[]`;
      case "tuple":
        return printTuple(schema, inner);
      case "object":
        return printObject(schema, namespace, indent);
      case "map":
        return `${platformType("map")}<${inner(schema.key)}, ${inner(schema.value)}>`;
      case "set":
        return `${platformType("set")}<${inner(schema.items)}>`;
      case "union":
        return schema.options.length === 0
          ? "never"
          : schema.options.map((option) => operand(option, inner)).join(" | ");
      case "ref":
        return reference(schema.name, namespace);
      default:
        // Decimals are text: the client has no arithmetic of its own.
        return platformType(schema.kind) ?? plainTypes[schema.kind] ?? "string";
    }
  }

  function reference(definition: string, namespace: string): string {
    const place = names.definitions.get(definition);
    if (place === undefined) return "any";
    return place.namespace === namespace ? place.name : `${place.namespace}.${place.name}`;
  }

  function printObject(object: ObjectSchema, namespace: string, indent: string): string {
    const next = `${indent}  `;
    const members = object.properties.flatMap((property) => propertyLines(property, namespace, next));
    members.push(...indexLines(object, (schema) => print(schema, namespace, next), next));
    return members.length === 0 ? "Record<string, never>" : `{\n${members.join("\n")}\n${indent}}`;
  }

  function propertyLines(
    { name, schema, optional, description }: Property,
    namespace: string,
    indent: string,
  ): string[] {
    const type = print(schema, namespace, indent);
    const or = optional && !/(^|\| )undefined$/.test(type) ? " | undefined" : "";
    const shown = name === "__proto__" ? '"__proto__"' : propertyKey(name);
    return [...commentLines(description, indent), `${indent}${shown}${optional ? "?" : ""}: ${type}${or};`];
  }

  return { print, printObject };
}

/** With named properties beside it an index signature must allow their types as well: then it says `any`. */
function indexLines(object: ObjectSchema, inner: (schema: Schema) => string, indent: string): string[] {
  const seen = new Set<string>();
  return (object.index ?? []).flatMap(({ key, value }) => {
    const type = inner(key);
    const keys = /^(string|number|`[^`]*`)$/.test(type) ? [type] : ["string"];
    return keys.flatMap((one) => {
      if (seen.has(one)) return [];
      seen.add(one);
      const values = object.properties.length > 0 ? "any" : `${inner(value)}`;
      return [`${indent}[key: ${one}]: ${values};`];
    });
  });
}

/** In a place where a union would be misread. */
function operand(schema: Schema, inner: (schema: Schema) => string): string {
  const text = inner(schema);
  const isUnion = (schema.kind === "union" || schema.kind === "enum") && text.includes(" | ");
  return isUnion ? `(${text})` : text;
}

function printTuple(schema: Extract<Schema, { kind: "tuple" }>, inner: (schema: Schema) => string): string {
  const item = ({ schema: type, optional, label }: TupleItem) => {
    const mark = optional ? "?" : "";
    return label === undefined ? `${operand(type, inner)}${mark}` : `${label}${mark}: ${inner(type)}`;
  };
  // Of a tuple either all items have labels or none.
  const all = [...schema.items, ...(schema.suffix ?? [])];
  const labelled = all.every(({ label }) => label !== undefined);
  const plain = (one: TupleItem): TupleItem => (labelled ? one : { schema: one.schema, optional: one.optional });
  const rest =
    schema.rest === undefined
      ? []
      : [`...${labelled && all.length > 0 ? "rest: " : ""}${operand(schema.rest, inner)}[]`];
  return `[${[...schema.items.map((one) => item(plain(one))), ...rest, ...(schema.suffix ?? []).map((one) => item(plain(one)))].join(", ")}]`;
}
