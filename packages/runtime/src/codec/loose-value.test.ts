import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schema } from "@tenon/model";
import { decodeLoosely, encodeLoosely } from "./loose-value.ts";

const property = (name: string, schema: Schema, optional = false) => ({ name, schema, optional });
const text: Schema = { kind: "string" };
const row: Schema = {
  kind: "object",
  properties: [property("id", text), property("at", text), property("tags", { kind: "array", items: text }, true)],
};
const schemas = { Row: row };
const ref: Schema = { kind: "ref", name: "Row" };

test("values of other types travel as JSON has them, and only declared fields do", () => {
  const value = { id: 1n, at: new Date(0), tags: new Set([1, "b"]), password: "hidden" };
  const wire = { id: "1", at: "1970-01-01T00:00:00.000Z", tags: [1, "b"] };
  assert.deepEqual(encodeLoosely(value, ref, schemas), wire);
  assert.deepEqual(encodeLoosely([value], { kind: "array", items: ref }, schemas), [wire]);
});

test("missing fields stay missing, and null stays null", () => {
  assert.deepEqual(encodeLoosely({ id: null }, ref, schemas), { id: null });
  assert.deepEqual(encodeLoosely({ toString: "own" }, ref, schemas), {});
  assert.equal(encodeLoosely(undefined, ref, schemas), undefined);
});

test("what was declared as a scalar and is an object is sent whole", () => {
  assert.deepEqual(encodeLoosely({ id: { a: [1] }, at: "" }, ref, schemas), { id: { a: [1] }, at: "" });
});

test("of a union the option that is closest decides what is declared", () => {
  const literal = (value: string): Schema => ({ kind: "literal", value });
  const cat: Schema = { kind: "object", properties: [property("kind", literal("cat")), property("lives", text)] };
  const dog: Schema = { kind: "object", properties: [property("kind", literal("dog")), property("name", text)] };
  const pet: Schema = { kind: "union", options: [cat, { kind: "null" }, dog] };
  assert.deepEqual(encodeLoosely({ kind: "dog", name: 5, lives: 1 }, pet, {}), { kind: "dog", name: 5 });
  assert.equal(encodeLoosely(null, pet, {}), null);
});

test("records, tuples and index signatures keep all they hold", () => {
  const map: Schema = { kind: "map", key: text, value: ref };
  assert.deepEqual(encodeLoosely(new Map([["a", { id: 1, extra: 2 }]]), map, schemas), { a: { id: 1 } });
  const tuple: Schema = { kind: "tuple", items: [{ schema: text, optional: false }], rest: ref };
  assert.deepEqual(encodeLoosely([1, { id: 2, extra: 3 }], tuple, schemas), [1, { id: 2 }]);
  const open: Schema = { kind: "object", properties: [property("id", text)], index: [{ key: text, value: ref }] };
  assert.deepEqual(encodeLoosely({ id: 1, other: { id: 2, extra: 3 } }, open, schemas), { id: 1, other: { id: 2 } });
});

test("a value that contains itself comes to an end", () => {
  const value: Record<string, unknown> = { id: "1" };
  value["at"] = value;
  assert.ok(JSON.stringify(encodeLoosely(value, ref, schemas)).length > 0);
});

test("reading back gives what the types say where the text does", () => {
  const schema: Schema = {
    kind: "object",
    properties: [
      property("at", { kind: "date" }),
      property("big", { kind: "bigint" }),
      property("link", { kind: "url" }),
      property("bytes", { kind: "bytes" }),
      property("set", { kind: "set", items: text }),
      property("wrong", { kind: "date" }),
    ],
  };
  const wire = { at: "1970-01-01T00:00:00Z", big: "12", link: "http://a.b/", bytes: "AQI=", set: ["x"], wrong: "soon" };
  assert.deepEqual(decodeLoosely(wire, schema, {}), {
    at: new Date(0),
    big: 12n,
    link: new URL("http://a.b/"),
    bytes: new Uint8Array([1, 2]),
    set: new Set(["x"]),
    wrong: "soon",
  });
});
