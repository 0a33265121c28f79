// The constructs of the schema language that property and differential tests run over, by name.
import type { Format, Schema, Schemas } from "@tenon/model";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  date,
  decimal,
  either,
  literal,
  map,
  nil,
  nothing,
  number,
  object,
  oneOf,
  record,
  ref,
  ruled,
  set,
  string,
  union,
  url,
} from "./codecs.test.support.ts";

export interface Construct {
  readonly schema: Schema;
  readonly schemas: Schemas;
}

const cat: Schema = { kind: "string", pattern: "^cat-.*$", template: `\`cat-\${string}\`` };
const dataKey: Schema = { kind: "string", pattern: "^data-.*$", template: `\`data-\${string}\`` };
const item = (schema: Schema, optional = false) => ({ schema, optional });
const only = (schema: Schema, schemas: Schemas = {}): Construct => ({ schema, schemas });

const format = (value: Format): Schema => ruled(string, { rule: "format", value });
const formats: readonly Format[] = [
  "email",
  "url",
  "uuid",
  "ip",
  "ipv4",
  "ipv6",
  "hostname",
  "date-time",
  "date",
  "time",
  "duration",
];

const address = object({ street: string, "zip?": union(string, nil) });
const shape: Schema = {
  kind: "union",
  discriminant: "kind",
  options: [
    object({ kind: literal("circle"), r: number }),
    object({ kind: literal("square"), w: number, "when?": date }),
    object({ kind: oneOf("none", "unknown") }),
  ],
};

/** Kinds under rules, and fields with defaults. */
const validated: Readonly<Record<string, Construct>> = {
  decimal: only(decimal),
  "number with bounds": only(ruled(number, { rule: "min", value: -0.5 }, { rule: "exclusiveMax", value: 42 })),
  "number with other bounds": only(ruled(number, { rule: "exclusiveMin", value: -1 }, { rule: "max", value: 1.5 })),
  "number, whole, by steps": only(ruled(number, { rule: "integer" }, { rule: "multipleOf", value: 2 })),
  "number under either rule": only(
    ruled(number, either([{ rule: "min", value: 42 }], [{ rule: "max", value: 0 }, { rule: "integer" }])),
  ),
  "string with lengths": only(ruled(string, { rule: "minLength", value: 2 }, { rule: "maxLength", value: 5 })),
  "string with pattern and ends": only(
    ruled(
      string,
      { rule: "pattern", value: "[a-z]", flags: "u" },
      { rule: "pattern", value: "[-/0-9.]", flags: "u" },
      either(
        [
          { rule: "startsWith", value: "http" },
          { rule: "endsWith", value: "/" },
        ],
        [{ rule: "endsWith", value: "1" }],
        [{ rule: "startsWith", value: "a" }],
      ),
    ),
  ),
  "string under either rule": only(
    ruled(
      string,
      { rule: "maxLength", value: 30 },
      either([{ rule: "format", value: "email" }], [{ rule: "format", value: "url" }]),
    ),
  ),
  "formats apart": only(object(Object.fromEntries(formats.slice(0, 5).map((name) => [`${name}?`, format(name)])))),
  "list of formats": only(array(union(...formats.map(format), nil))),
  "template with a rule": only(ruled(cat, { rule: "minLength", value: 5 })),
  "array under rules": only(
    ruled(
      array(ruled(number, { rule: "max", value: 1.5 })),
      { rule: "minLength", value: 1 },
      { rule: "maxLength", value: 2 },
      { rule: "unique" },
    ),
  ),
  "records by keys under rules, beside fields": only(
    record(union(ruled(string, { rule: "maxLength", value: 3 }), literal("constructor")), number, { kind: string }),
  ),
  "map by keys under rules": only(map(ruled(string, { rule: "minLength", value: 2 }), number)),
  "array of arrays, no two alike": only(ruled(array(array(number)), { rule: "unique" })),
  "set under rules": only(ruled(set(string), { rule: "minLength", value: 1 }, { rule: "maxLength", value: 2 })),
  "map under rules": only(ruled(map(string, number), { rule: "minLength", value: 1 }, { rule: "maxLength", value: 2 })),
  "map of pairs under rules": only(ruled(map(number, number), { rule: "minLength", value: 1 })),
  "record by keys under rules": only(record(ruled(string, { rule: "pattern", value: "^data", flags: "u" }), number)),
  "union with rules": only(
    union(ruled(string, { rule: "minLength", value: 2 }), ruled(number, { rule: "min", value: 1 }), array(string), nil),
  ),
  "union of strings with rules": only(union(date, ruled(string, { rule: "maxLength", value: 4 }), bigint)),
  "union decimal or text": only(union(decimal, bigint, string)),
  "nullable with rules": only(
    object({
      "a?": union(ruled(string, { rule: "minLength", value: 1 }), nil),
      b: array(union(ruled(number, { rule: "min", value: 0 }), nothing)),
    }),
  ),
  "object with defaults": only({
    kind: "object",
    properties: [
      { name: "a", schema: number, optional: true, default: 5 },
      { name: "b", schema: union(string, nil), optional: true, default: null },
      { name: "c", schema: date, optional: true, default: "2026-01-31T09:30:00.000Z" },
      { name: "d", schema: array(url), optional: true, default: ["https://a.b/"] },
      { name: "e", schema: address, optional: true, default: { street: "x" } },
      { name: "f", schema: any, optional: true, default: { __proto__: null, x: [1] } },
      { name: "g", schema: ruled(number, { rule: "min", value: 1 }), optional: true, default: 0.5 },
      { name: "h", schema: set(number), optional: true, default: [1] },
      { name: "i", schema: union(url, literal("none")), optional: true, default: "https://a.b/" },
      { name: "j", schema: boolean, optional: true, default: true },
    ],
  }),
};

export const constructs: Readonly<Record<string, Construct>> = {
  ...validated,
  string: only(string),
  number: only(number),
  boolean: only(boolean),
  null: only(nil),
  any: only(any),
  never: only(object({ "a?": { kind: "never" }, b: string })),
  literal: only(object({ a: literal("x"), b: literal(0), c: literal(true) })),
  enum: only(oneOf("a", 1, "cat-1", 0, "null")),
  "large enum": only(oneOf("a", "b", "c", "d", "e", "f", "g", "10", "x")),
  template: only(cat),
  date: only(date),
  bigint: only(bigint),
  "bigint literal": only(union({ kind: "bigint-literal", value: "12" }, { kind: "bigint-literal", value: "0" })),
  bytes: only(bytes),
  url: only(url),
  "array of scalars": only(array(number)),
  "array of objects": only(array(address)),
  "array with undefined": only(array(union(string, nothing))),
  "array with null and undefined": only(array(union(date, nil, nothing))),
  "array of any": only(array(any)),
  tuple: only({ kind: "tuple", items: [item(string), item(number), item(date, true)] }),
  "tuple with rest": only({ kind: "tuple", items: [item(string)], rest: number }),
  "tuple with suffix": only({
    kind: "tuple",
    items: [item(string)],
    rest: number,
    suffix: [item(boolean), item(date)],
  }),
  object: only(object({ id: string, age: number, "nick?": string, address, "home?": address })),
  "object with null and undefined": only(
    object({ a: union(string, nil), "b?": union(number, nil), c: union(date, nil, nothing) }),
  ),
  "object with any": only(object({ a: any, "b?": any })),
  "object with hostile names": only(
    object({ "__proto__?": string, constructor: string, "a-b": number, "toString?": address, 'q"u*/': string }),
  ),
  "empty object": only(object({})),
  record: only(record(string, number)),
  "record of dates beside fields": only(record(string, union(date, string, number), { id: string })),
  "record by pattern": only(record(dataKey, string)),
  "record by number": only(record(number, boolean)),
  "record by enum": only(record(union(literal("a"), literal("kind")), array(string))),
  "record of any": only(record(string, any)),
  "record by pattern and string": only({
    kind: "object",
    properties: [],
    index: [
      { key: string, value: union(string, number) },
      { key: dataKey, value: number },
    ],
  }),
  "map by string": only(map(string, date)),
  "map by enum with undefined": only(map(oneOf("a", "kind"), union(number, nothing))),
  "map by number": only(map(number, string)),
  "map by date": only(map(date, bigint)),
  "map by object": only(map(address, array(string))),
  "map of any": only(map(string, any)),
  "set of strings": only(set(string)),
  "set of dates": only(set(date)),
  "set of scalars": only(set(union(string, number, nil))),
  "union of scalars": only(union(string, number, boolean, nil)),
  "union of literals": only(union(literal("a"), literal(1), literal(true))),
  "union number or all": only(union(number, literal("a"))),
  "union discriminated": only(shape),
  "union discriminated or null": only(object({ shape: union(shape, nil), "list?": array(shape) })),
  "union of objects": only(union(object({ a: string }), object({ a: string, "b?": number }), object({ c: date }))),
  "union of arrays": only(union(array(string), array(number), array(object({ a: string })))),
  "union date or string": only(union(date, string)),
  "union of text forms": only(union(date, bigint, url, literal("a"))),
  "union bytes or string": only(union(string, bytes)),
  "union bigint or number": only(union(bigint, number)),
  "union bigint or string": only(union(bigint, string, nil)),
  "union map or object": only(union(map(string, number), object({ id: string }))),
  "union set or array": only(union(set(string), array(string), nothing)),
  "union tuple or array": only(union({ kind: "tuple", items: [item(string), item(number)] }, array(string))),
  "union of everything": only(
    union(string, number, boolean, bigint, nil, date, bytes, array(string), map(number, string), address),
  ),
  "recursive tree": only(ref("Tree"), { Tree: object({ id: string, "at?": date, kids: array(ref("Tree")) }) }),
  "recursive list": only(ref("List"), { List: object({ value: number, next: union(ref("List"), nil) }) }),
  "recursive json": only(ref("Json"), {
    Json: union(string, number, boolean, nil, array(ref("Json")), record(string, ref("Json"))),
  }),
  "recursive union of objects": only(ref("Node"), {
    Node: union(object({ "left?": ref("Node"), a: string }), object({ "left?": ref("Node"), b: number, "at?": date })),
  }),
  "mutual recursion": only(ref("A"), {
    A: object({ "b?": ref("B"), x: bigint }),
    B: object({ "a?": union(ref("A"), string), list: array(ref("A")) }),
  }),
  "alias of nullable": only(object({ a: ref("Maybe"), b: array(ref("Maybe")) }), {
    Maybe: union(ref("Address"), nil),
    Address: address,
  }),
};
