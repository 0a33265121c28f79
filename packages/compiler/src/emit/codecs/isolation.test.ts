// Requests share nothing: neither objects with each other nor with what they were read from, nor what a prototype has under their names.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  codecsOf,
  date,
  endpoint,
  field,
  load,
  map,
  number,
  object,
  property,
  rawRequest,
  run,
  runtimeUrl,
  set,
  string,
} from "./codecs.test.support.ts";
import { constructs } from "./constructs.test.support.ts";
import { anyValue, randomFrom } from "./values.test.support.ts";

const { Decimal } = (await import(runtimeUrl)) as { readonly Decimal: new (text: string) => object };

/** All that can be changed in place, anywhere inside. */
function changeable(value: unknown, found = new Set<object>()): Set<object> {
  // A Decimal never changes and is handed on as it is.
  if (typeof value !== "object" || value === null || value instanceof Decimal) return found;
  if (found.has(value)) return found;
  found.add(value);
  if (value instanceof Map) for (const entry of value) changeable(entry, found);
  else if (value instanceof Set) for (const item of value) changeable(item, found);
  else if (!ArrayBuffer.isView(value)) for (const item of Object.values(value)) changeable(item, found);
  return found;
}

function assertApart(left: unknown, right: unknown, what: string): void {
  const rights = changeable(right);
  for (const one of changeable(left)) assert.ok(!rights.has(one), what);
}

test("what is read twice is made twice, and nothing of it is the input's", async () => {
  const all = Object.entries(constructs);
  const codecs = await codecsOf(all.map(([, construct]) => construct));
  let valid = 0;
  for (const [index, [name, { schema, schemas }]] of all.entries()) {
    const codec = codecs[index]!;
    for (let seed = 0; seed < 60; seed++) {
      for (const mode of ["decode", "copy"] as const) {
        const value = anyValue(schema, { random: randomFrom(seed), schemas, wire: mode === "decode" });
        const first = run(codec[mode], value);
        const second = run(codec[mode], value);
        assert.deepStrictEqual(first, second);
        if (first.issues.length > 0) continue;
        valid++;
        assertApart(first.value, second.value, `${name}, seed ${seed}: two results`);
        assertApart(first.value, value, `${name}, seed ${seed}: the input`);
      }
    }
  }
  assert.ok(valid > 500, `${valid} of the values were valid`);
});

test("two requests under way at once have each its own values, defaults too", async () => {
  const codecs = await load([
    endpoint("only", {
      request: {
        kind: "object",
        properties: [
          property("id", string),
          property("tags?", set(string)),
          property("pages?", array(number)),
          { ...property("sizes?", array(number)), default: [1, 2] },
          property("lines", array(object({ at: date, "notes?": map(string, array(string)) }))),
        ],
      },
      fields: [
        field("id", "path"),
        field("tags", "query", "tag"),
        field("pages", "header", "x-pages"),
        field("sizes", "query"),
        field("lines", "body"),
      ],
    }),
  ]);
  const { decodeHttp } = codecs["only"]!.request!;
  const written = {
    params: ["7"],
    query: "tag=a&tag=b",
    headers: { "x-pages": "1, 2" },
    body: { lines: [{ at: "2026-01-31T09:30:00Z", notes: { a: ["b"] } }, { at: "2026-01-31T09:30:00.5+01:00" }] },
  };
  const raw = rawRequest(written);
  const issues = [[], []];
  const first = decodeHttp(raw, issues[0]!);
  const second = decodeHttp(raw, issues[1]!);
  assert.deepStrictEqual(issues, [[], []]);
  assert.deepStrictEqual(first, second);
  assert.ok(changeable(first).size >= 10);
  assertApart(first, second, "two requests");
  assertApart(first, written, "the request itself");
});

test("names of Object.prototype in query, headers and body are names like any other", async () => {
  const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
  for (const place of ["query", "header", "body"] as const) {
    const codecs = await load([
      endpoint("only", {
        request: { kind: "object", properties: names.map((name) => property(`${name}?`, string)) },
        fields: names.map((name) => field(name, place, place === "header" ? name.toLowerCase() : name)),
      }),
    ]);
    const { decodeHttp } = codecs["only"]!.request!;
    for (let bits = 0; bits < 16; bits++) {
      const sent = names.filter((_, index) => (bits & (1 << index)) !== 0);
      const decoded = run((raw, issues) => decodeHttp(raw as never, issues), rawRequest(requestWith(place, sent)));
      assert.deepEqual(decoded.issues, []);
      const value = decoded.value as object;
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
      assert.deepEqual(Object.keys(value).toSorted(), sent.toSorted());
      for (const name of sent) assert.equal(Object.getOwnPropertyDescriptor(value, name)?.value, `<${name}>`);
    }
  }
});

function requestWith(place: "query" | "header" | "body", names: readonly string[]): Parameters<typeof rawRequest>[0] {
  const texts = names.map((name): [string, string] => [name, `<${name}>`]);
  if (place === "query") return { query: texts.map(([name, text]) => `${name}=${text}`).join("&") };
  if (place === "header") {
    const lines = texts.map(([name, text]) => `${JSON.stringify(name.toLowerCase())}:${JSON.stringify(text)}`);
    return { headers: JSON.parse(`{${lines.join(",")}}`) as Record<string, string> };
  }
  const members = texts.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
  return { method: "POST", body: JSON.parse(`{${members.join(",")}}`) as unknown };
}
