import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schema, Schemas } from "@tenon/model";
import { schemaText } from "./schema-text.ts";

const string: Schema = { kind: "string" };
const number: Schema = { kind: "number" };

// biome-ignore lint/suspicious/noTemplateCurlyInString: a template literal type, as written in TypeScript
const catName = "`cat-${string}`";

const plain: readonly (readonly [Schema, string])[] = [
  [string, "string"],
  [{ kind: "string", template: catName }, catName],
  [number, "number"],
  [{ kind: "any" }, "any"],
  [{ kind: "never" }, "never"],
  [{ kind: "undefined" }, "undefined"],
  [{ kind: "literal", value: 'a"b' }, '"a\\"b"'],
  [{ kind: "bigint-literal", value: "12" }, "12n"],
  [{ kind: "enum", values: ["a", 1] }, '"a" | 1'],
  [{ kind: "enum", values: ["a"], name: "Colour" }, "Colour"],
  [{ kind: "date" }, "Date"],
  [{ kind: "bytes" }, "Uint8Array"],
  [{ kind: "url" }, "URL"],
  [{ kind: "array", items: string }, "string[]"],
  [{ kind: "array", items: { kind: "union", options: [string, { kind: "null" }] } }, "(string | null)[]"],
  [{ kind: "set", items: string }, "Set<string>"],
  [{ kind: "map", key: string, value: number }, "Map<string, number>"],
  [{ kind: "object", properties: [] }, "{}"],
  [
    {
      kind: "tuple",
      items: [
        { schema: string, optional: false },
        { schema: number, optional: true },
      ],
      rest: { kind: "boolean" },
    },
    "[string, number?, ...boolean[]]",
  ],
  [
    {
      kind: "tuple",
      items: [{ schema: string, optional: true, label: "name" }],
      suffix: [{ schema: number, optional: false }],
    },
    "[name?: string, number]",
  ],
];

for (const [schema, text] of plain) {
  test(`prints ${text}`, () => assert.equal(schemaText(schema, {}), text));
}

test("objects show optional fields, odd names, descriptions, placement and index signatures", () => {
  const schema: Schema = {
    kind: "object",
    properties: [
      { name: "id", schema: string, optional: false, description: "Never changes." },
      { name: "content-type", schema: string, optional: true },
      { name: "lang", schema: string, optional: false, placement: { in: "header", name: "accept-language" } },
      { name: "page", schema: number, optional: false, placement: { in: "query", name: "page" } },
      {
        name: "inner",
        optional: false,
        schema: { kind: "object", properties: [{ name: "a", schema: number, optional: false }] },
      },
    ],
    index: [{ key: string, value: number }],
  };
  assert.equal(
    schemaText(schema, {}),
    `{
  /** Never changes. */
  id: string;
  "content-type"?: string;
  lang: Header<"accept-language">;
  page: Query<number>;
  inner: {
    a: number;
  };
  [key: string]: number;
}`,
  );
});

test("named types follow once each, also when they contain themselves", () => {
  const tree: Schema = { kind: "ref", name: "Tree" };
  const schemas: Schemas = {
    Tree: {
      kind: "object",
      properties: [
        { name: "children", schema: { kind: "array", items: tree }, optional: false },
        { name: "colour", schema: { kind: "ref", name: "Colour" }, optional: true },
      ],
    },
    Colour: { kind: "enum", values: ["red", "blue"], name: "Colour" },
    Unused: string,
  };
  const definitions = `interface Tree {
  children: Tree[];
  colour?: Colour;
}

type Colour = "red" | "blue"`;
  assert.equal(schemaText(tree, schemas), definitions);
  assert.equal(schemaText({ kind: "array", items: tree }, schemas), `Tree[]\n\n${definitions}`);
});

test("a union of objects has one option a line", () => {
  const option = (name: string): Schema => ({
    kind: "object",
    properties: [{ name, schema: number, optional: false }],
  });
  assert.equal(
    schemaText({ kind: "union", options: [option("a"), option("b")], discriminant: "kind" }, {}),
    `
  | {
    a: number;
  }
  | {
    b: number;
  }`,
  );
});
