// The constructs of the schema language that property and differential tests run over, by name.
import type { Schema, Schemas } from "@tenon/model";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  date,
  literal,
  map,
  nil,
  nothing,
  number,
  object,
  oneOf,
  record,
  ref,
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

export const constructs: Readonly<Record<string, Construct>> = {
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
