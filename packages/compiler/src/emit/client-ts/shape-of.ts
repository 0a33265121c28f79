// What the client has to do with a value on its way: nothing (null) for plain JSON, else a shape of templates/client/wire.ts.
import { type ObjectSchema, resolveSchema, type Schema, type Schemas } from "@tenon/model";

export type Shape = null | string | { readonly [part: string]: unknown };

export interface ShapeFinder {
  of(schema: Schema | undefined): Shape;
  /** Definitions that the shapes asked for so far refer to, by name. */
  shapes(): Record<string, Shape>;
}

export function createShapeFinder(schemas: Schemas): ShapeFinder {
  const plain = plainDefinitions(schemas);
  const referred = new Map<string, Shape>();

  function of(schema: Schema): Shape {
    switch (schema.kind) {
      case "date":
      case "bigint":
      case "bytes":
      case "url":
        return schema.kind;
      case "bigint-literal":
        return "bigint";
      case "array": {
        const items = of(schema.items);
        return items === null ? null : { list: items };
      }
      case "set":
        return { set: of(schema.items) };
      case "tuple":
        return tupleShape(schema);
      case "object":
        return objectShape(schema);
      case "map":
        return isText(schema.key, schemas) ? { map: of(schema.value) } : { pairs: [of(schema.key), of(schema.value)] };
      case "union":
        return unionShape(schema.options);
      case "ref":
        return refShape(schema.name);
      default:
        return null;
    }
  }

  function refShape(name: string): Shape {
    if (plain.has(name)) return null;
    if (!referred.has(name)) {
      // First the name, so that a definition that contains itself comes to an end.
      referred.set(name, null);
      referred.set(name, of(resolveSchema({ kind: "ref", name }, schemas)));
    }
    return { ref: name };
  }

  function tupleShape({ items, rest, suffix = [] }: Extract<Schema, { kind: "tuple" }>): Shape {
    const shapes = items.map((item) => of(item.schema));
    const restShape = rest === undefined ? null : of(rest);
    const suffixShapes = suffix.map((item) => of(item.schema));
    if ([...shapes, restShape, ...suffixShapes].every((one) => one === null)) return null;
    return {
      tuple: shapes,
      ...(restShape !== null && { rest: restShape }),
      ...(suffix.length > 0 && { suffix: suffixShapes }),
    };
  }

  function objectShape(object: ObjectSchema): Shape {
    const fields = object.properties.map(({ name, schema }) => [name, of(schema)] as const);
    const needed = fields.filter(([, shape]) => shape !== null);
    const others = (object.index ?? []).map(({ value }) => of(value)).find((shape) => shape !== null) ?? null;
    if (needed.length === 0 && others === null) return null;
    // Named properties that need nothing must not be taken for one of the others.
    return { fields: Object.fromEntries(others === null ? needed : fields), ...(others !== null && { others }) };
  }

  function unionShape(options: readonly Schema[]): Shape {
    const flat = flatOptions(options, schemas).filter(({ kind }) => kind !== "null" && kind !== "undefined");
    const shapes = flat.map(of);
    if (shapes.every((shape) => shape === null)) return null;
    if (flat.length === 1) return shapes[0]!;
    const strings = stringShapes(flat, schemas);
    const words = flat.flatMap((option) => wordsOf(resolveSchema(option, schemas)));
    const lists = flat.filter((option) => isList(option, schemas)).map(of);
    const objects = flat.flatMap((option) => {
      const resolved = resolveSchema(option, schemas);
      if (resolved.kind === "object") return [{ has: signOf(resolved, schemas), shape: of(option) }];
      return resolved.kind === "map" && isText(resolved.key, schemas) ? [{ has: {}, shape: of(option) }] : [];
    });
    return {
      ...(strings.length > 0 && { strings }),
      ...(strings.length > 0 && words.length > 0 && { words }),
      ...(lists.some((shape) => shape !== null) && { lists }),
      ...(objects.some(({ shape }) => shape !== null) && { objects: moreSpecificFirst(objects) }),
    };
  }

  return {
    of: (schema) => (schema === undefined ? null : of(schema)),
    shapes: () => Object.fromEntries([...referred].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Definitions of plain JSON through and through; the others reach something that is not. */
function plainDefinitions(schemas: Schemas): ReadonlySet<string> {
  const plain = new Set(Object.keys(schemas));
  for (let before = -1; before !== plain.size; ) {
    before = plain.size;
    for (const name of plain) if (!isPlain(schemas[name]!, plain)) plain.delete(name);
  }
  return plain;
}

function isPlain(schema: Schema, plain: ReadonlySet<string>): boolean {
  const inner = (child: Schema) => isPlain(child, plain);
  switch (schema.kind) {
    case "date":
    case "bigint":
    case "bigint-literal":
    case "bytes":
    case "url":
    case "set":
    case "map":
      return false;
    case "array":
      return inner(schema.items);
    case "tuple":
      return (
        [...schema.items, ...(schema.suffix ?? [])].every((item) => inner(item.schema)) &&
        (schema.rest === undefined || inner(schema.rest))
      );
    case "object":
      return (
        schema.properties.every((property) => inner(property.schema)) &&
        (schema.index ?? []).every(({ value }) => inner(value))
      );
    case "union":
      return schema.options.every(inner);
    case "ref":
      return plain.has(schema.name);
    default:
      return true;
  }
}

function flatOptions(options: readonly Schema[], schemas: Schemas): Schema[] {
  return options.flatMap((option) => {
    const resolved = resolveSchema(option, schemas);
    return resolved.kind === "union" ? flatOptions(resolved.options, schemas) : [option];
  });
}

/** In the order in which the app tries them; where any text is meant, bytes cannot be told from it. */
function stringShapes(options: readonly Schema[], schemas: Schemas): string[] {
  const kinds: ReadonlySet<Schema["kind"]> = new Set(options.map((option) => resolveSchema(option, schemas).kind));
  const has = (kind: Schema["kind"]) => kinds.has(kind);
  return [
    ...(has("bigint") || has("bigint-literal") ? ["bigint"] : []),
    ...(has("date") ? ["date"] : []),
    ...(has("url") ? ["url"] : []),
    ...(has("bytes") && !has("string") ? ["bytes"] : []),
  ];
}

function wordsOf(schema: Schema): string[] {
  const values = schema.kind === "literal" ? [schema.value] : schema.kind === "enum" ? schema.values : [];
  return values.filter((value) => typeof value === "string");
}

function isList(option: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(option, schemas);
  return (
    ["array", "tuple", "set"].includes(resolved.kind) || (resolved.kind === "map" && !isText(resolved.key, schemas))
  );
}

/** By what an object is known: its literals, and that its required properties are there ("*"). */
function signOf(object: ObjectSchema, schemas: Schemas): Record<string, unknown> {
  const required = object.properties.filter(({ optional }) => !optional);
  return Object.fromEntries(
    required.map(({ name, schema }) => {
      const resolved = resolveSchema(schema, schemas);
      if (resolved.kind === "literal") return [name, resolved.value];
      return [name, resolved.kind === "enum" ? resolved.values : "*"];
    }),
  );
}

function moreSpecificFirst<Option extends { readonly has: Record<string, unknown> }>(options: Option[]): Option[] {
  return options.toSorted((a, b) => Object.keys(b.has).length - Object.keys(a.has).length);
}

/** A Map with such keys is an object on the wire. */
function isText(key: Schema, schemas: Schemas): boolean {
  const resolved = resolveSchema(key, schemas);
  if (resolved.kind === "literal") return typeof resolved.value === "string";
  if (resolved.kind === "enum") return resolved.values.every((value) => typeof value === "string");
  if (resolved.kind === "union") return resolved.options.every((option) => isText(option, schemas));
  return resolved.kind === "string";
}
