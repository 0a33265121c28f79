// Public requests: which names are read where, how text becomes values, and what the messages say.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, RawRequest, Schema } from "@tenon/model";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  codes,
  date,
  endpoint,
  field,
  literal,
  load,
  nil,
  number,
  object,
  oneOf,
  rawRequest,
  ref,
  run,
  set,
  string,
  union,
  url,
  type WrittenRequest,
} from "./codecs.test.support.ts";

async function decoder(parts: Partial<Endpoint>, schemas: Readonly<Record<string, Schema>> = {}) {
  const codecs = await load([endpoint("only", parts)], schemas);
  const request = codecs["only"]!.request!;
  return (written: WrittenRequest) =>
    run((raw, issues) => request.decodeHttp(raw as RawRequest, issues), rawRequest(written));
}

const queryOf = (schema: Schema, name = "v") =>
  decoder({ request: object({ [name]: schema }), fields: [field(name.replace("?", ""), "query")] });

test("each field is read from its place, under its wire name", async () => {
  const decode = await decoder({
    request: object({ id: number, "limit?": number, token: string, name: string, "since?": date }),
    fields: [
      field("id", "path"),
      field("limit", "query", "max"),
      field("token", "header", "x-token"),
      field("name", "body", "full_name"),
      field("since", "query"),
    ],
  });
  const good = decode({
    params: ["7"],
    query: "max=3&since=2026-01-31T00%3A00%3A00%2B01:00&name=query&other=1",
    headers: { "x-token": "t", name: "header" },
    body: { full_name: "body", id: 1, other: 1 },
  });
  assert.deepStrictEqual(good, {
    value: { id: 7, limit: 3, token: "t", name: "body", since: new Date("2026-01-30T23:00:00Z") },
    issues: [],
  });
  const bad = decode({ params: ["0x10"], query: "max=ten&max=2", headers: {}, body: { name: "x" } });
  assert.deepEqual(codes(bad), ["name required", "id invalid_type", "limit duplicate_key", "token required"]);
});

test("messages name place and wire name, and repeat the text except of headers", async () => {
  const decode = await decoder({
    request: object({ limit: number, retries: number }),
    fields: [field("limit", "query"), field("retries", "header", "x-retries")],
  });
  assert.deepEqual(
    decode({ query: "limit=ten", headers: { "x-retries": "secret" } }).issues.map((issue) => issue.message),
    ['query parameter "limit" must be a number, got "ten"', 'header "x-retries" must be a number'],
  );
  const { issues } = decode({ query: `limit=${"😀".repeat(60)}`, headers: { "x-retries": "1" } });
  assert.equal(issues[0]!.message, `query parameter "limit" must be a number, got "${"😀".repeat(40)}…"`);
});

test("numbers in text are decimal, as JSON writes them", async () => {
  const decode = await queryOf(number);
  for (const [text, value] of [
    ["0", 0],
    ["-1.5e3", -1500],
    ["1E2", 100],
    ["-0", 0],
    ["007", undefined],
    ["%201", undefined],
    ["", undefined],
    ["0x10", undefined],
    ["1_0", undefined],
    ["NaN", undefined],
    ["1e999", undefined],
    [".5", undefined],
  ] as const) {
    const result = decode({ query: `v=${text}` });
    if (value === undefined) assert.deepEqual(codes(result), ["v invalid_type"], text);
    else assert.deepStrictEqual(result.value, { v: value });
  }
});

test("every scalar has a text form", async () => {
  const cases: [Schema, string, unknown][] = [
    [boolean, "true", true],
    [bigint, "123456789012345678901", 123456789012345678901n],
    [date, "2026-01-31T00:00:00Z", new Date("2026-01-31T00:00:00Z")],
    [bytes, "_-8", Uint8Array.from([255, 239])],
    [literal(5), "5", 5],
    [oneOf("a", 1), "1", 1],
    [union(number, literal("all")), "all", "all"],
    [union(number, nil), "null", null],
    [union(string, nil), "null", "null"],
    [union(boolean, number, string), "12", 12],
    [any, "12", "12"],
    [object({ a: date }), '{"a":"2026-01-31T00:00:00Z"}', { a: new Date("2026-01-31T00:00:00Z") }],
  ];
  for (const [schema, text, value] of cases) {
    const decode = await queryOf(schema);
    assert.deepStrictEqual(
      decode({ query: `v=${encodeURIComponent(text)}` }),
      { value: { v: value }, issues: [] },
      text,
    );
  }
  const decodeUrl = await queryOf(url);
  assert.equal((decodeUrl({ query: "v=http%3A%2F%2Fa" }).value as { v: URL }).v.href, "http://a/");
  for (const [schema, code] of [
    [boolean, "invalid_type"],
    [bigint, "invalid_format"],
    [literal(5), "invalid_literal"],
    [oneOf("a"), "invalid_enum"],
    [union(number, literal("all")), "invalid_union"],
    [object({}), "invalid_format"],
  ] as const) {
    assert.deepEqual(codes((await queryOf(schema))({ query: "v=1x" })), [`v ${code}`]);
  }
});

test("lists come from repeated names, and from headers with commas", async () => {
  const decode = await decoder({
    request: object({
      ids: array(number),
      "tags?": set(string),
      "one?": union(string, array(string)),
      "langs?": array(string),
    }),
    fields: [
      field("ids", "query"),
      field("tags", "query"),
      field("one", "query"),
      field("langs", "header", "accept-language"),
    ],
  });
  assert.deepStrictEqual(
    decode({ query: "ids=1&ids=2&tags=a&one=x", headers: { "accept-language": "de, en" } }).value,
    {
      ids: [1, 2],
      tags: new Set(["a"]),
      one: "x",
      langs: ["de", "en"],
    },
  );
  assert.deepStrictEqual(decode({ query: "one=x&one=y" }).value, { ids: [], one: ["x", "y"] });
  assert.deepEqual(codes(decode({ query: "ids=1&ids=b&tags=a&tags=a" })), [
    "ids[1] invalid_type",
    "tags[1] duplicate_key",
  ]);
});

test("a body must be an object; it may be absent when nothing in it is required", async () => {
  const optional = await decoder({ request: object({ "a?": string }), fields: [field("a", "body")] });
  assert.deepStrictEqual(optional({}), { value: {}, issues: [] });
  assert.deepEqual(codes(optional({ body: null })), ["invalid_type"]);
  const required = await decoder({
    request: object({ id: string, a: string }),
    fields: [field("id", "path"), field("a", "body")],
  });
  assert.deepEqual(codes(required({ params: ["x"] })), ["a required"]);
  assert.deepEqual(codes(required({ body: [] })), ["invalid_type", "id required"]);
});

test("only own names are read, also when they look like a prototype's", async () => {
  const decode = await decoder({
    request: object({ "constructor?": string, "__proto__?": string, "toString?": string }),
    fields: [field("constructor", "path"), field("__proto__", "query"), field("toString", "header", "tostring")],
  });
  assert.deepStrictEqual(decode({}).value, {});
  const value = decode({ query: "__proto__=x" }).value as object;
  assert.ok(Object.hasOwn(value, "__proto__"));
});

test("recursive bodies beside path parameters", async () => {
  const decode = await decoder(
    { request: object({ id: string, tree: ref("Tree") }), fields: [field("id", "path"), field("tree", "body")] },
    { Tree: object({ kids: array(ref("Tree")) }) },
  );
  assert.deepStrictEqual(decode({ params: ["a"], body: { tree: { kids: [{ kids: [] }] } } }).value, {
    id: "a",
    tree: { kids: [{ kids: [] }] },
  });
});

test("response fields placed in headers leave the body, and must be writable as headers", async () => {
  const response = {
    ...object({ id: string }),
    properties: [
      ...object({ id: string }).properties,
      { name: "etag", schema: string, optional: false, placement: { in: "header" as const, name: "ETag" } },
      { name: "age", schema: number, optional: true, placement: { in: "header" as const, name: "Age" } },
      { name: "at", schema: date, optional: true, placement: { in: "header" as const, name: "X-At" } },
    ],
  };
  const codec = (await load([endpoint("only", { response })]))["only"]!.response!;
  const wire = run(codec.encode, { id: "1", etag: "abc", at: new Date(0) }).value as Record<string, unknown>;
  const headers: Record<string, string> = {};
  codec.takeHeaders!(wire, headers);
  assert.deepStrictEqual([wire, headers], [{ id: "1" }, { etag: "abc", "x-at": "1970-01-01T00:00:00.000Z" }]);
  for (const convert of [codec.copy, codec.encode, codec.decode]) {
    assert.deepEqual(codes(run(convert, { id: "1", etag: "a\r\nset-cookie: b" })), ["etag invalid_format"]);
  }
});

test("an endpoint with methods of both kinds reads the query when the method has no body", async () => {
  const decode = await decoder({
    methods: ["GET", "POST"],
    request: object({ id: number, "word?": string, "tags?": array(string), "deep?": object({ a: number }) }),
    fields: [field("id", "path"), field("word", "body"), field("tags", "body"), field("deep", "body")],
  });
  const params = ["1"];
  const query = "word=asked&tags=a&tags=b";
  assert.deepEqual(decode({ method: "GET", params, query }).value, { id: 1, word: "asked", tags: ["a", "b"] });
  assert.deepEqual(decode({ method: "HEAD", params, query: "word=asked" }).value, { id: 1, word: "asked" });
  assert.deepEqual(decode({ method: "GET", params, query, body: { word: "said" } }).value, { id: 1, word: "said" });
  assert.deepEqual(decode({ method: "POST", params, query, body: { deep: { a: 1 } } }).value, {
    id: 1,
    deep: { a: 1 },
  });
  assert.deepEqual(decode({ method: "POST", params, query }).value, { id: 1 });
});

test("path parameters are read by their place in the pattern, whatever the order of the fields", async () => {
  const names = ["tenant", "order", "rest"];
  const decode = await decoder({
    path: {
      pattern: "/t/:tenant/orders/:order/*rest",
      segments: [
        { kind: "literal", value: "t" },
        { kind: "param", name: "tenant" },
        { kind: "literal", value: "orders" },
        { kind: "param", name: "order" },
        { kind: "wildcard", name: "rest" },
      ],
    },
    request: object({ rest: string, order: number, tenant: string }),
    fields: names.toReversed().map((name) => field(name, "path")),
  });
  assert.deepEqual(decode({ params: ["acme", "7", "a/b"] }).value, { rest: "a/b", order: 7, tenant: "acme" });
});

test("names that a query cannot be searched for as it stands are found all the same", async () => {
  for (const name of ["a=b", "a&b", "a+b", "a b", "100%", "\u00e4", "", "?"]) {
    const decode = await decoder({ request: object({ v: string }), fields: [field("v", "query", name)] });
    const query = new URLSearchParams([
      ["x", "1"],
      [name, "found"],
    ]).toString();
    assert.deepEqual(decode({ query }).value, { v: "found" }, name);
    assert.deepEqual(codes(decode({ query: "a=b=1&a&b" })), ["v required"], name);
  }
});

test("issues come in one order: those of the body, then the others as the type has them", async () => {
  const decode = await decoder({
    request: object({ id: number, a: string, limit: number, b: array(number), token: string }),
    fields: [
      field("id", "path"),
      field("a", "body"),
      field("limit", "query"),
      field("b", "body"),
      field("token", "header", "x-token"),
    ],
  });
  assert.deepEqual(codes(decode({ params: ["x"], query: "limit=1&limit=2", body: { b: [1, "2"] } })), [
    "a required",
    "b[1] invalid_type",
    "id invalid_type",
    "limit duplicate_key",
    "token required",
  ]);
});
