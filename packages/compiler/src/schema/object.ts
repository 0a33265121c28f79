// Interfaces, object types and classes used as plain data.
import type { JsonValue, ObjectSchema, Property, Rule, Schema } from "@tenon/model";
import type { Members, PropertyRecord, TypeName } from "../source/type-source.ts";
import { applyRules } from "./apply-rules.ts";
import { below, type Context, memberStep, report } from "./context.ts";
import type { Converter } from "./convert.ts";
import { fitsType } from "./default-value.ts";
import { applyDocTags, docDefaults, docExamples } from "./doc-rules.ts";
import { placementOf } from "./placement.ts";
import { readDefault } from "./rule-types.ts";
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
  const examples = docExamples(name?.tags, (value) => fitsType(value, schema, definitionsOf(converter)));
  return examples.length === 0 ? schema : { ...schema, examples };
}

/** Symbol keys are brands, never data in JSON. A class without hidden state is its fields: what it computes is left out. */
function isData(property: PropertyRecord, isClass: boolean): boolean {
  if (property.name.startsWith("__@") || property.isHidden) return false;
  return !(isClass && (property.isMethod || property.isAccessor));
}

function propertySchema(converter: Converter, property: PropertyRecord, context: Context): Property {
  const inside = below(context, memberStep(property.name), property.declaration);
  const { schema: typed, hadUndefined } = withoutUndefined(converter, property.type, inside);
  const placement = placementOf(converter.types, property);
  const mayBeAbsent = property.isOptional || hadUndefined || isUndefined(converter, property.type);
  const ruled = applyDocTags(typed, property.tags, inside);
  const schema = placement?.in === "status" ? applyRules(ruled, finalStatus, inside) : ruled;
  const examples = docExamples(property.tags, (value) => fitsType(value, schema, definitionsOf(converter)));
  const byDefault = defaultOf(converter, property, { schema, mayBeAbsent }, inside);
  return {
    name: property.name,
    schema,
    optional: mayBeAbsent || byDefault !== undefined,
    ...(property.description === undefined ? {} : { description: property.description }),
    ...(isSensitive(converter.types, property.type) ? { sensitive: true as const } : {}),
    ...(placement === null ? {} : { placement }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(examples.length === 0 ? {} : { examples }),
  };
}

function definitionsOf(converter: Converter) {
  return (name: string) => converter.definitions.get(name)?.schema;
}

/** What an answer can end with: 1xx only announce one. */
const finalStatus: readonly Rule[] = [{ rule: "integer" }, { rule: "min", value: 200 }, { rule: "max", value: 599 }];

/** `Default<T, Value>` counts before `@default`, which needs a property that TypeScript's callers may leave out as well. */
function defaultOf(
  converter: Converter,
  property: PropertyRecord,
  { schema, mayBeAbsent }: { readonly schema: Schema; readonly mayBeAbsent: boolean },
  context: Context,
): JsonValue | undefined {
  const resolve = definitionsOf(converter);
  const declared = readDefault(converter.types, property.type);
  if (declared !== undefined) {
    if (fitsType(declared, schema, resolve)) return declared;
    report(context, "TN1066", JSON.stringify(declared));
    return undefined;
  }
  const written = docDefaults(property.tags);
  if (written.length === 0) return undefined;
  const fitting = written.find((value) => fitsType(value, schema, resolve));
  if (mayBeAbsent && fitting !== undefined) return fitting;
  const reason = mayBeAbsent ? `${JSON.stringify(written[0])} is no value of the type` : "the property is not optional";
  report(context, "TN1065", `@default does nothing: ${reason}`);
  return undefined;
}
