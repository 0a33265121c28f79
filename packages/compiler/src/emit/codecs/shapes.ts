// Schemas prepared for emitting: references followed, nested unions flattened, null and undefined taken out of unions, and what each
// shape implies for the generated code (does it recurse, does its wire form differ from memory).
import type { Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";

export interface OptionsSchema {
  readonly kind: "options";
  readonly options: readonly Shape[];
  readonly discriminant?: string;
}

export type CoreSchema = Exclude<Schema, { kind: "ref" | "union" | "null" | "undefined" }> | OptionsSchema;

/** One thing to generate functions for; the same object wherever the same definition is used. */
export interface Shape<S extends CoreSchema = CoreSchema> {
  readonly schema: S;
  /** Of the definition, when the schema is one. */
  readonly name: string | null;
}

/** A place for a value: its shape, and whether null or undefined may stand there instead. */
export interface Slot {
  readonly shape: Shape;
  readonly nullable: boolean;
  readonly undefinable: boolean;
}

export interface Shapes {
  slotOf(schema: Schema): Slot;
  /** The value can contain a value of the same shape. */
  isRecursive(shape: Shape): boolean;
  /** The value can contain a recursive one, or is one. */
  reachesRecursion(shape: Shape): boolean;
  /** Of all values anywhere inside, and of the value itself when it recurs. */
  reach(shape: Shape): ReadonlySet<Shape>;
  /** The slots of the values directly inside. */
  childrenOf(shape: Shape): readonly Slot[];
}

const never: Shape = { schema: { kind: "never" }, name: null };

export function createShapes(schemas: Schemas): Shapes {
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  const slots = new Map<Schema, Slot>();
  const shapes = new Map<Schema, Shape>();
  const children = new Map<Shape, readonly Slot[]>();
  const reachable = new Map<Shape, ReadonlySet<Shape>>();

  function shapeOf(schema: Schema, core: CoreSchema): Shape {
    let shape = shapes.get(schema);
    if (shape === undefined) {
      shape = { schema: core, name: names.get(schema) ?? null };
      shapes.set(schema, shape);
    }
    return shape;
  }

  function slotOf(schema: Schema): Slot {
    let slot = slots.get(schema);
    if (slot === undefined) {
      slot = findSlot(schema);
      slots.set(schema, slot);
    }
    return slot;
  }

  function findSlot(schema: Schema): Slot {
    if (schema.kind === "ref") return slotOf(resolveSchema(schema, schemas));
    const options = flatten(schema, schemas, new Set());
    const nullable = options.some((option) => option.kind === "null");
    const undefinable = options.some((option) => option.kind === "undefined" || option.kind === "any");
    const any = options.find((option) => option.kind === "any");
    if (any !== undefined) return { shape: shapeOf(any, any), nullable: false, undefinable: true };
    const rest = options.filter(
      (option) => option.kind !== "null" && option.kind !== "undefined" && option.kind !== "never",
    );
    const single = singleOption(schema);
    if (single !== null) return { ...slotOf(single), nullable, undefinable };
    if (rest.length === 0) return { shape: never, nullable, undefinable };
    if (rest.length === 1) return { shape: shapeOf(rest[0]!, rest[0]! as CoreSchema), nullable, undefinable };
    const discriminant = schema.kind === "union" ? schema.discriminant : undefined;
    const core: OptionsSchema = {
      kind: "options",
      options: rest.map((option) => shapeOf(option, option as CoreSchema)),
      ...(discriminant !== undefined && { discriminant }),
    };
    return { shape: shapeOf(schema, core), nullable, undefinable };
  }

  function childrenOf(shape: Shape): readonly Slot[] {
    let found = children.get(shape);
    if (found === undefined) {
      found = childSchemas(shape.schema).map((child) => ("shape" in child ? child : slotOf(child)));
      children.set(shape, found);
    }
    return found;
  }

  function reach(shape: Shape): ReadonlySet<Shape> {
    let found = reachable.get(shape);
    if (found !== undefined) return found;
    const result = new Set<Shape>();
    const open = [shape];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const child of childrenOf(next)) {
        if (result.has(child.shape)) continue;
        result.add(child.shape);
        open.push(child.shape);
      }
    }
    found = result;
    reachable.set(shape, found);
    return found;
  }

  const isRecursive = (shape: Shape) => reach(shape).has(shape);
  return {
    slotOf,
    childrenOf,
    reach,
    isRecursive,
    reachesRecursion: (shape) => isRecursive(shape) || [...reach(shape)].some(isRecursive),
  };
}

/** The options of nested unions, in order, none twice; anything else is its own only option. */
function flatten(schema: Schema, schemas: Schemas, found: Set<string>): Exclude<Schema, { kind: "ref" | "union" }>[] {
  const resolved = resolveSchema(schema, schemas);
  const text = JSON.stringify(resolved);
  if (found.has(text)) return [];
  found.add(text);
  if (resolved.kind !== "union") return [resolved];
  return resolved.options.flatMap((option) => flatten(option, schemas, found));
}

/** The one option besides null, undefined and never that a union is about. */
function singleOption(schema: Schema): Schema | null {
  if (schema.kind !== "union") return null;
  const rest = schema.options.filter(({ kind }) => kind !== "null" && kind !== "undefined" && kind !== "never");
  return rest.length === 1 ? rest[0]! : null;
}

function childSchemas(schema: CoreSchema): readonly (Schema | Slot)[] {
  switch (schema.kind) {
    case "array":
    case "set":
      return [schema.items];
    case "map":
      return [schema.key, schema.value];
    case "object":
      return [
        ...schema.properties.map((property) => property.schema),
        ...(schema.index ?? []).map(({ value }) => value),
      ];
    case "tuple":
      return [...schema.items, ...(schema.suffix ?? [])]
        .map((item) => item.schema)
        .concat(schema.rest === undefined ? [] : [schema.rest]);
    case "options":
      return schema.options.map((shape) => ({ shape, nullable: false, undefinable: false }));
    default:
      return [];
  }
}
