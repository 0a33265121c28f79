// Interfaces, object types and classes used as plain data.
import type { ObjectSchema, Property, Schema } from "@tenon/model";
import type { Members, PropertyRecord, TypeName } from "../source/type-source.ts";
import { below, type Context, memberStep, report } from "./context.ts";
import type { Converter } from "./convert.ts";
import { placementOf } from "./placement.ts";
import { isSensitive } from "./sensitive.ts";
import { isUndefined, withoutUndefined } from "./union.ts";

interface ObjectLike {
  readonly members: Members;
  readonly isClass: boolean;
  readonly name?: TypeName;
}

export function objectSchema(converter: Converter, record: ObjectLike, context: Context): Schema {
  const { members, isClass, name } = record;
  if (isClass && members.properties.some((property) => property.isHidden && !property.isMethod)) {
    report(context, "TN1205", name?.name ?? "");
    return { kind: "any" };
  }
  const properties = members.properties
    .filter((property) => isData(property, isClass))
    .map((property) => propertySchema(converter, property, context));
  const index = members.index.flatMap(({ key, value }) => {
    const keyRecord = converter.types.get(key);
    if (keyRecord?.kind === "keyword" && keyRecord.name === "symbol") return [];
    return [
      {
        key: converter.convert(key, below(context, "[key]")),
        value: converter.convert(value, below(context, "[key]")),
      },
    ];
  });
  const schema: ObjectSchema = {
    kind: "object",
    properties,
    ...(index.length === 0 ? {} : { index }),
    ...(name?.description === undefined ? {} : { description: name.description }),
  };
  return schema;
}

/** Symbol keys are brands, never data in JSON. A class without hidden state is its fields: what it computes is left out. */
function isData(property: PropertyRecord, isClass: boolean): boolean {
  if (property.name.startsWith("__@") || property.isHidden) return false;
  return !(isClass && (property.isMethod || property.isAccessor));
}

function propertySchema(converter: Converter, property: PropertyRecord, context: Context): Property {
  const inside = below(context, memberStep(property.name), property.declaration);
  const { schema, hadUndefined } = withoutUndefined(converter, property.type, inside);
  const placement = placementOf(converter.types, property);
  return {
    name: property.name,
    schema,
    optional: property.isOptional || hadUndefined || isUndefined(converter, property.type),
    ...(property.description === undefined ? {} : { description: property.description }),
    ...(isSensitive(converter.types, property.type) ? { sensitive: true as const } : {}),
    ...(placement === null ? {} : { placement }),
  };
}
