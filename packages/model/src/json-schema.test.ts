// The emitted JSON Schema itself; that it agrees with the decoders is tested with ajv next to the emitter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toJsonSchema } from "./json-schema.ts";
import type { Schema } from "./schema.ts";

const string: Schema = { kind: "string" };

test("definitions go to $defs, only those reached, with their names escaped in references", () => {
  const schemas = {
    "a/b<c>": {
      kind: "object",
      properties: [{ name: "next", schema: { kind: "ref", name: "a/b<c>" }, optional: true }],
    },
    unused: string,
  } as const;
  assert.deepEqual(toJsonSchema({ kind: "ref", name: "a/b<c>" }, schemas), {
    $ref: "#/$defs/a~1b%3Cc%3E",
    $defs: { "a/b<c>": { type: "object", properties: { next: { $ref: "#/$defs/a~1b%3Cc%3E" } } } },
  });
});

test("wire forms", () => {
  assert.deepEqual(toJsonSchema({ kind: "date" }, {}), { type: "string", format: "date-time" });
  assert.deepEqual(toJsonSchema({ kind: "map", key: string, value: { kind: "date" } }, {}), {
    type: "object",
    additionalProperties: { type: "string", format: "date-time" },
  });
  assert.deepEqual(toJsonSchema({ kind: "set", items: string }, {}), {
    type: "array",
    items: { type: "string" },
    uniqueItems: true,
  });
  assert.deepEqual(toJsonSchema({ kind: "union", options: [string, { kind: "undefined" }] }, {}), { type: "string" });
});

test("descriptions are carried over; any may be absent", () => {
  const schema: Schema = {
    kind: "object",
    description: "A user.",
    properties: [
      { name: "id", schema: string, optional: false, description: "Unique." },
      { name: "data", schema: { kind: "any" }, optional: false },
    ],
  };
  assert.deepEqual(toJsonSchema(schema, {}), {
    type: "object",
    description: "A user.",
    properties: { id: { type: "string", description: "Unique." }, data: {} },
    required: ["id"],
  });
});

test("patterns match line ends as with the flag s", () => {
  const { pattern } = toJsonSchema({ kind: "string", pattern: "^a\\.[.]{1}.*$" }, {}) as { pattern: string };
  assert.equal(pattern, "^a\\.[.]{1}[\\s\\S]*$");
  assert.match("a..\n", new RegExp(pattern, "u"));
});
