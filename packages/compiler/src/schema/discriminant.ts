// Finds the property that tells the objects of a union apart, once all definitions are there.
import type { ObjectSchema, Schema } from "@tenon/model";
import { sortOptions } from "./union.ts";

type Resolve = (ref: string) => Schema | undefined;
type MutableUnion = { kind: "union"; options: Schema[]; discriminant?: string };

/** Sets `discriminant` on every union below these schemas, in place. Objects beside other options are moved into a union of their own. */
export function addDiscriminants(schemas: readonly Schema[], resolve: Resolve): void {
  const seen = new Set<Schema>();
  for (const schema of schemas) visit(schema, resolve, seen);
}

function visit(schema: Schema, resolve: Resolve, seen: Set<Schema>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  for (const child of childrenOf(schema)) visit(child, resolve, seen);
  if (schema.kind !== "union" || schema.discriminant !== undefined) return;
  const union = schema as MutableUnion;
  const objects: { option: Schema; object: ObjectSchema }[] = [];
  const rest: Schema[] = [];
  for (const option of union.options) {
    const object = objectOf(option, resolve);
    if (object === null) rest.push(option);
    else objects.push({ option, object });
  }
  if (objects.length < 2) return;
  const discriminant = discriminantOf(objects.map(({ object }) => object));
  if (discriminant === null) return;
  if (rest.length === 0) {
    union.discriminant = discriminant;
    return;
  }
  const inner: Schema = { kind: "union", options: objects.map(({ option }) => option), discriminant };
  union.options = sortOptions([...rest, inner]);
}

export function childrenOf(schema: Schema): Schema[] {
  switch (schema.kind) {
    case "array":
    case "set":
      return [schema.items];
    case "map":
      return [schema.key, schema.value];
    case "union":
      return [...schema.options];
    case "tuple":
      return [
        ...schema.items.map((item) => item.schema),
        ...(schema.rest === undefined ? [] : [schema.rest]),
        ...(schema.suffix ?? []).map((item) => item.schema),
      ];
    case "object":
      return [
        ...schema.properties.map((property) => property.schema),
        ...(schema.index ?? []).flatMap(({ key, value }) => [key, value]),
      ];
    default:
      return [];
  }
}

function objectOf(schema: Schema, resolve: Resolve): ObjectSchema | null {
  let current: Schema | undefined = schema;
  for (let depth = 0; current?.kind === "ref" && depth < 50; depth++) current = resolve(current.name);
  return current?.kind === "object" ? current : null;
}

function discriminantOf(objects: readonly ObjectSchema[]): string | null {
  for (const { name } of objects[0]!.properties) {
    const values = new Set<unknown>();
    for (const object of objects) {
      const property = object.properties.find((candidate) => candidate.name === name);
      if (property === undefined || property.optional || property.schema.kind !== "literal") break;
      values.add(property.schema.value);
    }
    if (values.size === objects.length) return name;
  }
  return null;
}
