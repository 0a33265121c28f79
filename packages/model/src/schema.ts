// The language of data that can cross a service boundary, as plain JSON-able values. The compiler writes it, the emitter,
// OpenAPI, dashboard and contract checks read it. It holds no TypeScript object and no behaviour.

/**
 * One type as it travels. Wire form (JSON) per kind, where it differs from the value in memory:
 * `date` RFC 3339 string, `bigint` and `decimal` decimal strings, `bytes` base64 string, `url` string,
 * `map` object when its keys are strings, else array of [key, value] pairs, `set` array.
 */
export type Schema =
  | StringSchema
  | ({ readonly kind: "number" } & Ruled)
  | { readonly kind: "boolean" }
  | ({ readonly kind: "bigint" } & Ruled)
  /** `Decimal` of `tenon/types`. */
  | ({ readonly kind: "decimal" } & Ruled)
  | { readonly kind: "null" }
  /** A value that is absent on the wire; only meaningful as a union option or a whole response. */
  | { readonly kind: "undefined" }
  /** `any` and `unknown`: JSON as it comes. */
  | { readonly kind: "any" }
  /** `never`: no value is accepted. */
  | { readonly kind: "never" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "bigint-literal"; readonly value: string }
  /** Several string or number literals; `name` when they come from a TypeScript enum. */
  | { readonly kind: "enum"; readonly values: readonly (string | number)[]; readonly name?: string }
  | { readonly kind: "date" }
  | { readonly kind: "bytes" }
  | { readonly kind: "url" }
  | ({ readonly kind: "array"; readonly items: Schema } & Ruled)
  | {
      readonly kind: "tuple";
      readonly items: readonly TupleItem[];
      readonly rest?: Schema;
      readonly suffix?: readonly TupleItem[];
    }
  | ObjectSchema
  | ({ readonly kind: "map"; readonly key: Schema; readonly value: Schema } & Ruled)
  | ({ readonly kind: "set"; readonly items: Schema } & Ruled)
  | UnionSchema
  /** A named definition of `Graph.schemas`; the only way a schema can recurse. */
  | { readonly kind: "ref"; readonly name: string };

/** Of kinds whose values can be under rules. All of them hold. */
export interface Ruled {
  readonly rules?: readonly Rule[];
}

/** What a value must fulfil beyond its kind. `message` is said instead of the built-in words. */
export type Rule =
  /** Of numbers; of bigints and decimals with the bound as decimal digits. */
  (
    | { readonly rule: BoundRule; readonly value: number | string }
    | { readonly rule: "integer" }
    /** Characters (Unicode code points) of a string, items of a list or set, entries of a map. */
    | { readonly rule: "minLength" | "maxLength"; readonly value: number }
    /** Found anywhere in a string, as ECMAScript reads it; the flags are of `imsu`. */
    | { readonly rule: "pattern"; readonly value: string; readonly flags: string }
    | { readonly rule: "startsWith" | "endsWith"; readonly value: string }
    | { readonly rule: "format"; readonly value: Format }
    /** No two items of a list are alike as JSON. */
    | { readonly rule: "unique" }
    /** At least one of these groups holds as a whole. */
    | { readonly rule: "any"; readonly options: readonly (readonly Rule[])[] }
  ) & { readonly message?: string };

export type BoundRule = "min" | "max" | "exclusiveMin" | "exclusiveMax" | "multipleOf";

/** What each accepts is in docs/reference/validation.md. */
export type Format =
  | "email"
  | "url"
  | "uuid"
  | "ip"
  | "ipv4"
  | "ipv6"
  | "hostname"
  | "date-time"
  | "date"
  | "time"
  | "duration";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export interface StringSchema extends Ruled {
  readonly kind: "string";
  /** Source of an anchored regular expression (flags `su`), from a template literal type. */
  readonly pattern?: string;
  /** The template literal as written in TypeScript, for messages: "`cat-${string}`". */
  readonly template?: string;
}

export interface TupleItem {
  readonly schema: Schema;
  readonly optional: boolean;
  readonly label?: string;
}

export interface ObjectSchema {
  readonly kind: "object";
  readonly properties: readonly Property[];
  /** Index signatures and records: every property that is not named must match one of these. */
  readonly index?: readonly { readonly key: Schema; readonly value: Schema }[];
  readonly description?: string;
  /** As those of a property. */
  readonly examples?: readonly JsonValue[];
}

export interface Property {
  readonly name: string;
  readonly schema: Schema;
  /** The property may be absent (`x?: T`) or undefined (`x: T | undefined`). */
  readonly optional: boolean;
  readonly description?: string;
  /** Declared `Sensitive<...>`: its values are kept out of logs and traces. */
  readonly sensitive?: true;
  /**
   * Set where the type says so (`Header<...>`, `Query<...>`, `Cookie<...>`, `HttpStatus`); only honoured at the top level of a request
   * or response. A status has no name: it is "".
   */
  readonly placement?: { readonly in: "header" | "query" | "cookie" | "status"; readonly name: string };
  /** Stands in where the property is absent, as JSON on the wire. The property is `optional` then. */
  readonly default?: JsonValue;
  /** Values that its documentation shows, as JSON on the wire. */
  readonly examples?: readonly JsonValue[];
}

export interface UnionSchema {
  readonly kind: "union";
  readonly options: readonly Schema[];
  /** A property that every option has with a distinct literal; decides the option without trying the others. */
  readonly discriminant?: string;
}

/** Named definitions, in order of name. */
export type Schemas = Readonly<Record<string, Schema>>;

/** Follows `ref`s until a schema that is not one. Throws when the name is not defined. */
export function resolveSchema(schema: Schema, schemas: Schemas): Exclude<Schema, { kind: "ref" }> {
  let current = schema;
  while (current.kind === "ref") {
    const next: Schema | undefined = schemas[current.name];
    if (next === undefined) throw new Error(`schema "${current.name}" is not defined`);
    current = next;
  }
  return current;
}
