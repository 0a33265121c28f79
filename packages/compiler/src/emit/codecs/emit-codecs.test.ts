// What each kind of schema accepts, refuses and says, in the three directions.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schema } from "@tenon/model";
import {
  any,
  array,
  bigint,
  bytes,
  codecOf,
  codes,
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
  run,
  set,
  string,
  union,
  url,
} from "./codecs.test.support.ts";

test("all issues are found in one pass, with paths", async () => {
  const line = object({ sku: string, quantity: number });
  const codec = await codecOf(object({ id: string, lines: array(ref("Line")), "a-b": number, "note?": string }), {
    Line: line,
  });
  const result = run(codec.decode, { lines: [{ sku: 1, quantity: "2" }, { sku: "s" }], "a-b": null, note: null });
  assert.deepEqual(codes(result), [
    "id required",
    "lines[0].sku invalid_type",
    "lines[0].quantity invalid_type",
    "lines[1].quantity required",
    '["a-b"] invalid_type',
    "note invalid_type",
  ]);
  assert.equal(result.issues[1]!.message, "must be a string, got a number");
});

test("only declared fields are in the result, and it is fresh", async () => {
  const codec = await codecOf(object({ id: string, inner: object({ a: number }), list: array(number) }));
  const value = { id: "1", passwordHash: "x", inner: { a: 1, b: 2 }, list: [1] };
  for (const convert of [codec.decode, codec.encode, codec.copy]) {
    const result = run(convert, value).value as typeof value;
    assert.deepStrictEqual(result, { id: "1", inner: { a: 1 }, list: [1] });
    assert.notEqual(result.inner, value.inner);
    assert.notEqual(result.list, value.list);
  }
});

test("an absent optional field stays absent, an explicit undefined too", async () => {
  const codec = await codecOf(object({ "a?": string, b: union(number, nothing) }));
  assert.deepStrictEqual(Object.keys(run(codec.copy, { a: undefined }).value as object), []);
  assert.deepStrictEqual(Object.keys(run(codec.decode, {}).value as object), []);
});

test("numbers: NaN and the infinities are refused, -0 becomes 0 as JSON would write it", async () => {
  const codec = await codecOf(object({ n: union(number, nil) }));
  assert.deepEqual(codes(run(codec.copy, { n: Number.NaN })), ["n not_finite"]);
  assert.deepEqual(codes(run(codec.decode, JSON.parse('{"n":1e999}'))), ["n not_finite"]);
  assert.ok(Object.is((run(codec.copy, { n: -0 }).value as { n: number }).n, 0));
  assert.ok(Object.is((run(codec.decode, JSON.parse('{"n":-0}')).value as { n: number }).n, 0));
});

test("wrong values of any type never throw", async () => {
  const everything: Schema[] = [
    number,
    bigint,
    date,
    bytes,
    url,
    oneOf(0, 1),
    literal("x"),
    map(number, string),
    set(number),
    array(number),
    any,
  ];
  const codec = await codecOf(object(Object.fromEntries(everything.map((schema, index) => [`f${index}`, schema]))));
  for (const hostile of [1n, Symbol("x"), Object.create(null), () => 1, Number.NaN, null, new Proxy({}, {})]) {
    const value = Object.fromEntries(everything.map((_schema, index) => [`f${index}`, hostile]));
    for (const convert of [codec.decode, codec.encode, codec.copy]) assert.ok(run(convert, value).issues.length > 0);
  }
});

test("dates: RFC 3339 on the wire, a Date in memory", async () => {
  const codec = await codecOf(date);
  assert.deepStrictEqual(run(codec.decode, "2024-02-29T01:02:03.5+01:00").value, new Date("2024-02-29T00:02:03.500Z"));
  assert.equal(run(codec.encode, new Date(0)).value, "1970-01-01T00:00:00.000Z");
  for (const text of [
    "2026-02-29T00:00:00Z",
    "2026-01-31",
    "2026-01-31T00:00:00",
    "2026-01-31T24:00:00Z",
    "yesterday",
    "",
  ]) {
    assert.deepEqual(codes(run(codec.decode, text)), ["invalid_format"], text);
  }
  assert.deepEqual(codes(run(codec.decode, 0)), ["invalid_type"]);
  for (const wrong of [new Date(Number.NaN), new Date(8.64e15)])
    assert.deepEqual(codes(run(codec.copy, wrong)), ["invalid_format"]);
  assert.deepEqual(codes(run(codec.copy, "2026-01-31T00:00:00Z")), ["invalid_type"]);
});

test("bigints: decimal digits on the wire, also a whole number that is exact", async () => {
  const codec = await codecOf(bigint);
  assert.equal(run(codec.decode, "-123456789012345678901234567890").value, -123456789012345678901234567890n);
  assert.equal(run(codec.decode, 42).value, 42n);
  assert.equal(run(codec.encode, 42n).value, "42");
  for (const wrong of ["007", "1.5", "", "0x10", "-0", 1.5, 2 ** 53])
    assert.equal(run(codec.decode, wrong).issues.length, 1);
  const huge = 10n ** 5000n;
  assert.deepEqual(run(codec.copy, huge).issues, run(codec.encode, huge).issues);
  assert.deepEqual(codes(run(codec.copy, huge)), ["invalid_length"]);
});

test("bytes: base64 on the wire, a Uint8Array with its own memory", async () => {
  const codec = await codecOf(bytes);
  for (const text of ["-_8=", "+/8=", "+/8"])
    assert.deepStrictEqual(run(codec.decode, text).value, Uint8Array.from([251, 255]));
  assert.deepEqual(codes(run(codec.decode, "a b=")), ["invalid_format"]);
  const source = Buffer.from("hello");
  const copy = run(codec.copy, source).value as Uint8Array;
  source[0] = 0;
  assert.deepStrictEqual(copy, Uint8Array.from([104, 101, 108, 108, 111]));
  assert.equal(run(codec.encode, new Uint8Array([251, 255])).value, "+/8=");
});

test("URLs are absolute", async () => {
  const codec = await codecOf(url);
  assert.equal((run(codec.decode, "https://a.b/c?d").value as URL).href, "https://a.b/c?d");
  assert.deepEqual(codes(run(codec.decode, "/c")), ["invalid_format"]);
});

test("a missing or unknown discriminant names the allowed values", async () => {
  const circle = object({ kind: literal("circle"), r: number });
  const square = object({ kind: literal("square"), w: number });
  const codec = await codecOf(object({ shape: { kind: "union", discriminant: "kind", options: [circle, square] } }));
  const unknown = run(codec.decode, { shape: { kind: "cube" } });
  assert.deepEqual(unknown.issues, [
    { path: "shape.kind", code: "invalid_discriminant", message: 'must be one of "circle", "square"' },
  ]);
  assert.deepEqual(codes(run(codec.decode, { shape: {} })), ["shape.kind required"]);
  assert.deepEqual(codes(run(codec.decode, { shape: { kind: "circle" } })), ["shape.r required"]);
});

test("a union that fits no option says what it must be, and what is wrong with the closest", async () => {
  const codec = await codecOf(
    object({ v: union(string, array(number)), o: union(object({ a: string, b: string }), object({ c: number })) }),
  );
  const result = run(codec.decode, { v: true, o: { a: "x" } });
  assert.deepEqual(
    result.issues.map((issue) => `${issue.path}: ${issue.message}`),
    [
      "v: must be one of string | number[], got a boolean",
      "o: must be one of { a, b } | { c }; the closest option does not fit",
      "o.b: is required",
    ],
  );
});

test("what looks like a Date arrives as one in every topology where the type allows it", async () => {
  const codec = await codecOf(union(date, string));
  assert.deepStrictEqual(run(codec.copy, "2026-01-31T00:00:00Z").value, new Date("2026-01-31T00:00:00Z"));
  assert.equal(run(codec.copy, "tomorrow").value, "tomorrow");
});

test("the option that keeps the most fields is tried first", async () => {
  const codec = await codecOf(union(object({ a: string }), object({ a: string, "b?": number })));
  assert.deepStrictEqual(run(codec.copy, { a: "x", b: 1 }).value, { a: "x", b: 1 });
  assert.deepStrictEqual(run(codec.copy, { a: "x", b: "no number" }).value, { a: "x" });
});

test("records and maps keep a key called __proto__ and pollute nothing", async () => {
  const text = '{"__proto__":{"admin":1},"constructor":{"admin":2}}';
  for (const schema of [record(string, record(string, number)), map(string, record(string, number)), any]) {
    const codec = await codecOf(schema);
    const decoded = run(codec.decode, JSON.parse(text)).value as object;
    assert.equal(JSON.stringify(run(codec.encode, decoded).value), text);
    assert.equal(JSON.stringify(run(codec.encode, run(codec.copy, decoded).value).value), text);
    assert.equal(({} as { admin?: unknown }).admin, undefined);
  }
});

test("what a wire object inherits is not data, under any name", async () => {
  const codec = await codecOf(object({ "toString?": string, "admin?": string, constructor: string }));
  assert.deepEqual(codes(run(codec.decode, Object.create({ admin: "x" }))), ["constructor required"]);
  assert.deepEqual(codes(run(codec.copy, {})), ["constructor required"]);
});

test("a class may compute declared fields; a Map is no object without required fields", async () => {
  class Money {
    readonly cents = 250;
    get euros(): number {
      return this.cents / 100;
    }
  }
  const money = await codecOf(object({ cents: number, euros: number }));
  assert.deepStrictEqual(run(money.copy, new Money()).value, { cents: 250, euros: 2.5 });
  const loose = await codecOf(record(string, number));
  assert.deepEqual(codes(run(loose.copy, new Map([["a", 1]]))), ["invalid_type"]);
});

test("duplicates in sets and in maps as entries are refused", async () => {
  assert.deepEqual(codes(run((await codecOf(set(string))).decode, ["a", "b", "a"])), ["[2] duplicate_key"]);
  assert.deepEqual(codes(run((await codecOf(map(number, string))).decode, [[1, "a"], [1, "b"], [2]])), [
    "[1][0] duplicate_key",
    "[2] invalid_type",
  ]);
});

test("tuples: lengths, optional items, items behind a rest", async () => {
  const item = (schema: Schema, optional = false) => ({ schema, optional });
  const plain = await codecOf({ kind: "tuple", items: [item(string), item(number, true)] });
  assert.deepStrictEqual(run(plain.decode, ["a", null]).value, ["a", undefined]);
  assert.deepEqual(
    run(plain.decode, [1, 2, 3]).issues.map((issue) => issue.message),
    ["must have 1 to 2 items, got 3", "must be a string, got a number"],
  );
  const suffix = await codecOf({ kind: "tuple", items: [item(string)], rest: number, suffix: [item(date)] });
  assert.deepStrictEqual(run(suffix.decode, ["a", 1, 2, "2026-01-31T00:00:00Z"]).value, [
    "a",
    1,
    2,
    new Date("2026-01-31T00:00:00Z"),
  ]);
  assert.deepEqual(codes(run(suffix.decode, ["a", "b", "c"])), ["[1] invalid_type", "[2] invalid_format"]);
});

test("index signatures beside named fields: names that match none are refused", async () => {
  const codec = await codecOf({
    ...object({ id: string }),
    index: [
      { key: { kind: "string", pattern: "^data-.*$", template: `\`data-\${string}\`` }, value: date },
      { key: number, value: number },
    ],
  });
  const result = run(codec.decode, { id: "1", "data-x": "2026-01-31T00:00:00Z", 12: 1, other: 1, "data-y": 2 });
  assert.deepEqual(codes(result), ["other not_allowed", '["data-y"] invalid_type']);
  assert.match(
    result.issues.find((issue) => issue.code === "not_allowed")!.message,
    /`data-\$\{string\}` or like a number/,
  );
});

test("any is what JSON makes of it, without exceptions", async () => {
  const codec = await codecOf(object({ a: any }));
  const value = {
    a: { d: new Date(0), f: () => 1, u: undefined, list: [undefined, Symbol("x"), Number.NaN], m: new Map([[1, 2]]) },
  };
  const expected: unknown = JSON.parse(JSON.stringify(value));
  assert.deepStrictEqual(run(codec.copy, value).value, expected);
  assert.deepStrictEqual(run(codec.encode, value).value, expected);
  assert.deepEqual(codes(run(codec.copy, { a: { list: [1n] } })), ["a.list[0] invalid_type"]);
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle, cycle];
  assert.ok(run(codec.copy, { a: cycle }).issues.every((issue) => issue.code === "too_deep"));
});

test("nesting has a limit, also for values that contain themselves many times", async () => {
  const codec = await codecOf(ref("Tree"), { Tree: object({ kids: array(ref("Tree")) }) });
  const nested = (levels: number) => JSON.parse(`${'{"kids":['.repeat(levels)}${"]}".repeat(levels)}`) as unknown;
  assert.deepEqual(codes(run(codec.decode, nested(256))), []);
  for (const levels of [257, 100_000]) {
    const { issues } = run(codec.decode, nested(levels));
    assert.deepEqual(
      issues.map((issue) => issue.code),
      ["too_deep"],
    );
  }
  const cycle = { kids: [] as unknown[] };
  cycle.kids.push(cycle, cycle);
  for (const convert of [codec.copy, codec.encode]) {
    const { issues } = run(convert, cycle);
    assert.ok(issues.length > 0 && issues.every((issue) => issue.code === "too_deep"));
  }
});

test("a recursive union is decided without trying every combination", async () => {
  const node = union(
    object({ "left?": ref("Node"), "right?": ref("Node"), a: string }),
    object({ "left?": ref("Node"), "right?": ref("Node"), b: number }),
  );
  const codec = await codecOf(ref("Node"), { Node: node });
  let good: unknown = { b: 1 };
  let bad: unknown = { b: "x" };
  for (let level = 0; level < 100; level++) {
    good = level % 2 === 0 ? { left: good, a: "x" } : { left: good, b: 1 };
    bad = { left: bad, right: { b: 1 }, a: "x", b: 1 };
  }
  assert.deepEqual(run(codec.decode, good).issues, []);
  assert.deepStrictEqual(run(codec.copy, good).value, good);
  assert.ok(run(codec.decode, bad).issues.length > 0);
});

test("the number of issues is limited", async () => {
  const codec = await codecOf(array(string));
  assert.equal(run(codec.decode, new Array(5000).fill(1)).issues.length, 1000);
});

test("whole responses may be null, absent, scalars", async () => {
  const codec = await codecOf(union(string, nil, nothing));
  for (const value of ["x", null, undefined]) {
    for (const convert of [codec.decode, codec.encode, codec.copy])
      assert.deepStrictEqual(run(convert, value), { value, issues: [] });
  }
  assert.deepEqual(codes(run((await codecOf(oneOf("a", "b"))).decode, "c")), ["invalid_enum"]);
});
