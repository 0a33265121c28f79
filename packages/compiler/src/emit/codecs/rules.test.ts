// What rules accept and say, at their edges; defaults; and what a strict endpoint refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Property, RawRequest, Rule, Schema } from "@tenon/model";
import {
  array,
  bigint,
  codecOf,
  codes,
  decimal,
  either,
  endpoint,
  field,
  load,
  map,
  nil,
  number,
  object,
  rawRequest,
  ruled,
  run,
  string,
  union,
  type WrittenRequest,
} from "./codecs.test.support.ts";

/** Which of the values are accepted. */
async function accepted(schema: Schema, values: readonly unknown[]): Promise<unknown[]> {
  const { decode } = await codecOf(schema);
  return values.filter((value) => run(decode, value).issues.length === 0);
}

const min = (value: number | string): Rule => ({ rule: "min", value });
const max = (value: number | string): Rule => ({ rule: "max", value });
const minLength = (value: number): Rule => ({ rule: "minLength", value });
const maxLength = (value: number): Rule => ({ rule: "maxLength", value });

test("bounds are exact: a fraction as a bound is not cut off", async () => {
  assert.deepEqual(await accepted(ruled(number, min(3.5)), [3, 3.4999999, 3.5, 4]), [3.5, 4]);
  assert.deepEqual(await accepted(ruled(number, max(-0.5)), [0, -0.4, -0.5, -1]), [-0.5, -1]);
  assert.deepEqual(await accepted(ruled(number, { rule: "exclusiveMin", value: 3 }), [3, 3.0000001]), [3.0000001]);
  assert.deepEqual(await accepted(ruled(number, { rule: "exclusiveMax", value: 3 }), [3, 2.9]), [2.9]);
});

test("steps are reckoned in decimals, whole numbers are whole", async () => {
  const tenth = ruled(number, { rule: "multipleOf", value: 0.1 });
  assert.deepEqual(await accepted(tenth, [0.3, 0.7, -1.1, 1e21, 0.35, 1e-7]), [0.3, 0.7, -1.1, 1e21]);
  const whole = ruled(number, { rule: "integer" });
  assert.deepEqual(await accepted(whole, [1, -2, 0, 1.5, 2 ** 53]), [1, -2, 0, 2 ** 53]);
});

test("bigints and decimals are compared as what they are", async () => {
  const big = ruled(bigint, min("9007199254740993"), { rule: "multipleOf", value: "3" });
  const values = ["9007199254740992", "9007199254740993", "9007199254740995", "9007199254740996"];
  assert.deepEqual(await accepted(big, values), ["9007199254740993", "9007199254740996"]);
  const price = ruled(decimal, { rule: "exclusiveMin", value: "0" }, { rule: "multipleOf", value: "0.01" });
  assert.deepEqual(await accepted(price, ["0", "0.00", "0.01", "0.011", "19.99", "1e2"]), ["0.01", "19.99"]);
});

test("lengths of strings count characters, not units or bytes", async () => {
  const three = ruled(string, minLength(3), maxLength(3));
  assert.deepEqual(await accepted(three, ["abc", "😀😀😀", "äöü", "😀", "ab", "😀😀😀😀", "a\ud800b"]), [
    "abc",
    "😀😀😀",
    "äöü",
    "a\ud800b",
  ]);
});

test("lengths of lists and maps count items and entries", async () => {
  assert.deepEqual(await accepted(ruled(array(string), minLength(1), maxLength(2)), [[], ["a"], ["a", "b", "c"]]), [
    ["a"],
  ]);
  assert.deepEqual(await accepted(ruled(map(string, number), minLength(1)), [{}, { a: 1 }]), [{ a: 1 }]);
});

test("items are unique as JSON is", async () => {
  const unique = ruled(array(object({ "a?": number, "b?": string })), { rule: "unique" });
  const alike = [
    { a: 1, b: "x" },
    { b: "x", a: 1 },
  ];
  assert.deepEqual(await accepted(unique, [[{ a: 1 }, { a: 2 }], alike]), [[{ a: 1 }, { a: 2 }]]);
});

test("alternatives: one of them is enough, rules beside them hold as well", async () => {
  const outside = ruled(number, either([min(3)], [max(1)]));
  assert.deepEqual(await accepted(outside, [0, 1, 2, 3]), [0, 1, 3]);
  const contact = ruled(
    string,
    maxLength(12),
    either([{ rule: "format", value: "email" }], [{ rule: "format", value: "url" }]),
  );
  assert.deepEqual(await accepted(contact, ["a@b.c", "http://a.b", "abc", "aaaaaaaaaaaa@b.c"]), [
    "a@b.c",
    "http://a.b",
  ]);
});

test("all rules that do not hold are told, each with its place, code and words", async () => {
  const { decode, copy, encode } = await codecOf(
    object({
      name: ruled(string, minLength(3), { rule: "pattern", value: "^[a-z]*$", flags: "u" }),
      "age?": union(ruled(number, { rule: "integer" }, min(18)), nil),
      tags: ruled(array(ruled(string, minLength(1))), maxLength(1)),
      contact: ruled(string, either([{ rule: "format", value: "email" }], [{ rule: "format", value: "url" }])),
      key: ruled(string, { ...minLength(8), message: "is too short for a key" }),
    }),
  );
  const value = { name: "A", age: 1.5, tags: ["x", ""], contact: "?", key: "k" };
  const expected = [
    ["name", "invalid_length", "must have at least 3 characters"],
    ["name", "invalid_format", "must match ^[a-z]*$"],
    ["age", "not_integer", "must be a whole number"],
    ["age", "out_of_range", "must be at least 18"],
    ["tags", "invalid_length", "must have at most 1 item"],
    ["tags[1]", "invalid_length", "must have at least 1 character"],
    ["contact", "invalid_format", "must be an email address, or be a URL such as https://example.com/"],
    ["key", "invalid_length", "is too short for a key"],
  ];
  for (const convert of [decode, copy, encode]) {
    assert.deepEqual(
      run(convert, value).issues.map(({ path, code, message }) => [path, code, message]),
      expected,
    );
  }
});

test("a value of the wrong type has that one issue", async () => {
  const { decode } = await codecOf(object({ a: ruled(string, minLength(3)), b: ruled(number, min(3)) }));
  assert.deepEqual(codes(run(decode, { a: 1 })), ["a invalid_type", "b required"]);
});

async function httpDecoder(properties: readonly Property[], parts: Parameters<typeof endpoint>[1]) {
  const codecs = await load([endpoint("only", { request: { kind: "object", properties }, ...parts })]);
  const request = codecs["only"]!.request!;
  return (written: WrittenRequest) =>
    run((raw, issues) => request.decodeHttp(raw as RawRequest, issues), rawRequest({ method: "POST", ...written }));
}

const property = (name: string, schema: Schema, more: Partial<Property> = {}): Property => {
  return { name, schema, optional: false, ...more };
};

test("rules hold for text in queries, paths, headers and cookies too", async () => {
  const cookie = object({ value: ruled(number, min(1)) });
  const decode = await httpDecoder(
    [
      property("id", ruled(string, minLength(2))),
      property("limit", ruled(number, max(10))),
      property("tags", ruled(array(ruled(string, minLength(2))), maxLength(1))),
      property("trace", ruled(string, { rule: "format", value: "uuid" }), { optional: true }),
      property("visits", cookie),
    ],
    {
      fields: [
        field("id", "path"),
        field("limit", "query"),
        field("tags", "query", "tag"),
        field("trace", "header", "x-trace"),
        field("visits", "cookie"),
      ],
    },
  );
  const bad = decode({
    params: ["x"],
    query: "limit=11&tag=a&tag=bc",
    headers: { "x-trace": "1", cookie: "visits=0" },
  });
  assert.deepEqual(codes(bad), [
    "id invalid_length",
    "limit out_of_range",
    "tags invalid_length",
    "tags[0] invalid_length",
    "trace invalid_format",
    "visits.value out_of_range",
  ]);
  const good = decode({ params: ["xy"], query: "limit=10&tag=bc", headers: { cookie: "a=b; visits=3" } });
  assert.deepEqual(good.value, { id: "xy", limit: 10, tags: ["bc"], visits: { value: 3 } });
  assert.deepEqual(codes(decode({ params: ["xy"], query: "limit=1" })), ["visits required"]);
});

test("what is left out becomes the default, in the query and in the body, also where a rule would refuse it", async () => {
  const decode = await httpDecoder(
    [
      property("limit", ruled(number, min(1)), { optional: true, default: 0 }),
      property("sort", string, { optional: true, default: "asc" }),
      property("list", array(number), { optional: true, default: [1, 2] }),
    ],
    { fields: [field("limit", "query"), field("sort", "body"), field("list", "query")] },
  );
  const first = decode({}).value as { list: number[] };
  assert.deepEqual(first, { limit: 0, sort: "asc", list: [1, 2] });
  first.list.push(3);
  assert.deepEqual(decode({ query: "limit=3", body: { sort: "desc" } }).value, {
    limit: 3,
    sort: "desc",
    list: [1, 2],
  });
  assert.deepEqual(codes(decode({ query: "limit=0" })), ["limit out_of_range"]);
});

test("a strict endpoint refuses what its type does not have, at every level; others drop it", async () => {
  const properties = [
    property("name", string),
    property("lines", array(object({ sku: string }))),
    property("page", number, { optional: true }),
    property("free", { kind: "object", properties: [], index: [{ key: string, value: number }] }, { optional: true }),
  ];
  const fields = [field("name", "body"), field("lines", "body"), field("page", "query"), field("free", "body")];
  const raw = {
    query: "page=1&x=2",
    body: { name: "a", page: 3, lines: [{ sku: "s", colour: "red" }], free: { any: 1 }, "a-b": 1 },
  };
  const open = await httpDecoder(properties, { fields });
  assert.deepEqual(open(raw).value, { name: "a", lines: [{ sku: "s" }], page: 1, free: { any: 1 } });
  const strict = await httpDecoder(properties, { fields, strict: true });
  const refused = strict(raw);
  assert.deepEqual(codes(refused).toSorted(), [
    '["a-b"] unknown_field',
    "lines[0].colour unknown_field",
    "page unknown_field",
    "x unknown_field",
  ]);
  assert.deepEqual(strict({ query: "page=1", body: { name: "a", lines: [{ sku: "s" }] } }).value, {
    name: "a",
    lines: [{ sku: "s" }],
    page: 1,
  });
});

test("an option of a union that has the field is the one that is meant, to a strict endpoint", async () => {
  const options = union(object({ a: string }), object({ a: string, "b?": string }));
  const strict = await httpDecoder([property("v", options)], { fields: [field("v", "body")], strict: true });
  assert.deepEqual(strict({ body: { v: { a: "x", b: "y" } } }).value, { v: { a: "x", b: "y" } });
  assert.deepEqual(codes(strict({ body: { v: { a: "x", c: "y" } } })), ["v invalid_union", "v.c unknown_field"]);
});
