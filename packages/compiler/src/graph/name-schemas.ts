// Gives definitions their final names. Types that are alike share one definition; different types of the same name get a number, in
// the order of the files that declare them.
import type { Schema } from "@tenon/model";

export interface NamedDefinition {
  readonly name: string;
  readonly schema: Schema;
}

/** identity -> definition, of the whole app; gives identity -> final name. */
export function nameDefinitions(definitions: ReadonlyMap<string, NamedDefinition>): ReadonlyMap<string, string> {
  const classes = alikeClasses(definitions);
  const byName = new Map<string, Map<string, string>>();
  for (const identity of [...definitions.keys()].sort()) {
    const { name } = definitions.get(identity)!;
    const groups = byName.get(name) ?? new Map<string, string>();
    byName.set(name, groups);
    const alike = classes.get(identity)!;
    if (!groups.has(alike)) groups.set(alike, groups.size === 0 ? name : `${name}_${groups.size + 1}`);
  }
  return new Map(
    [...definitions].map(([identity, { name }]) => [identity, byName.get(name)!.get(classes.get(identity)!)!]),
  );
}

/** Refines classes of equal text until no class splits any more, which also settles types that contain themselves. */
function alikeClasses(definitions: ReadonlyMap<string, NamedDefinition>): ReadonlyMap<string, string> {
  let classes = new Map([...definitions].map(([identity, { name }]) => [identity, name]));
  let count = new Set(classes.values()).size;
  // Where no two are in one class, nothing is left to split.
  while (count < definitions.size) {
    const numbers = new Map<string, string>();
    const refined = new Map<string, string>();
    for (const [identity, { name, schema }] of definitions) {
      const text = `${name} ${JSON.stringify(renameRefs(schema, (ref) => classes.get(ref) ?? ref))}`;
      if (!numbers.has(text)) numbers.set(text, String(numbers.size));
      refined.set(identity, numbers.get(text)!);
    }
    if (numbers.size === count) return refined;
    count = numbers.size;
    classes = refined;
  }
  return classes;
}

/** The same schema with its refs renamed. */
export function renameRefs(schema: Schema, rename: (ref: string) => string): Schema {
  const inside = (child: Schema) => renameRefs(child, rename);
  switch (schema.kind) {
    case "ref":
      return { kind: "ref", name: rename(schema.name) };
    case "array":
    case "set":
      return { ...schema, items: inside(schema.items) };
    case "map":
      return { ...schema, key: inside(schema.key), value: inside(schema.value) };
    case "union":
      return { ...schema, options: schema.options.map(inside) };
    case "tuple":
      return {
        ...schema,
        items: schema.items.map((item) => ({ ...item, schema: inside(item.schema) })),
        ...(schema.rest === undefined ? {} : { rest: inside(schema.rest) }),
        ...(schema.suffix === undefined
          ? {}
          : { suffix: schema.suffix.map((item) => ({ ...item, schema: inside(item.schema) })) }),
      };
    case "object":
      return {
        ...schema,
        properties: schema.properties.map((property) => ({ ...property, schema: inside(property.schema) })),
        ...(schema.index === undefined
          ? {}
          : { index: schema.index.map(({ key, value }) => ({ key: inside(key), value: inside(value) })) }),
      };
    default:
      return schema;
  }
}
