// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template literal types are what is printed
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schema } from "@tenon/model";
import { printSchema, referencedNames } from "./print-schema.ts";

const string: Schema = { kind: "string" };
const number: Schema = { kind: "number" };
const cases: [Schema, string][] = [
  [{ kind: "string", pattern: "^cat-.*$", template: "`cat-${string}`" }, "`cat-${string}`"],
  [{ kind: "literal", value: "a" }, '"a"'],
  [{ kind: "bigint-literal", value: "12" }, "12n"],
  [{ kind: "enum", values: ["a", 1] }, '"a" | 1'],
  [{ kind: "array", items: { kind: "enum", values: ["a", "b"] } }, '("a" | "b")[]'],
  [{ kind: "array", items: { kind: "enum", values: ["a", "b"], name: "Letter" } }, "Letter[]"],
  [
    {
      kind: "union",
      options: [string, { kind: "array", items: { kind: "union", options: [number, { kind: "null" }] } }],
    },
    "string | (number | null)[]",
  ],
  [
    {
      kind: "tuple",
      items: [
        { schema: string, optional: false, label: "name" },
        { schema: number, optional: true, label: "age" },
      ],
      rest: { kind: "date" },
    },
    "[name: string, age?: number, ...Date[]]",
  ],
  [{ kind: "map", key: string, value: { kind: "bytes" } }, "Map<string, Uint8Array>"],
  [{ kind: "set", items: { kind: "url" } }, "Set<URL>"],
  [{ kind: "object", properties: [] }, "{}"],
  [
    {
      kind: "object",
      properties: [
        { name: "id", schema: string, optional: false },
        { name: "a-b", schema: { kind: "ref", name: "Page<User>" }, optional: true },
        { name: "kind", schema: string, optional: false, placement: { in: "header", name: "x-kind" } },
      ],
      index: [{ key: string, value: { kind: "any" } }],
    },
    '{ id: string; "a-b"?: Page<User>; kind: Header<string, "x-kind">; [key: string]: any }',
  ],
];

for (const [schema, text] of cases) {
  test(`prints ${text}`, () => assert.equal(printSchema(schema), text));
}

test("names mentioned anywhere in a schema are found", () => {
  const ref = (name: string): Schema => ({ kind: "ref", name });
  const schema: Schema = {
    kind: "object",
    properties: [{ name: "a", schema: { kind: "array", items: ref("A") }, optional: false }],
    index: [{ key: ref("K"), value: { kind: "map", key: string, value: { kind: "set", items: ref("V") } } }],
  };
  const tuple: Schema = {
    kind: "tuple",
    items: [{ schema, optional: false }],
    rest: ref("R"),
    suffix: [{ schema: ref("S"), optional: false }],
  };
  assert.deepEqual(referencedNames(tuple), ["A", "K", "V", "R", "S"]);
});
