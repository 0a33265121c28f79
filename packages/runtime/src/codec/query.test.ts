// A query that is searched as it stands says the same as URLSearchParams makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openQuery, parseQuery, queryText, queryTexts } from "./query.ts";

const names = ["a", "aa", "ab", "b", "name", "a.b", "?a", "constructor", "__proto__", "a[]"];

function check(query: string): void {
  const search = new URLSearchParams(query);
  const opened = openQuery(query);
  for (const name of names) {
    const expected = search.getAll(name);
    assert.deepEqual(queryTexts(opened, name) ?? [], expected, `${JSON.stringify(name)} in ${JSON.stringify(query)}`);
    const found = expected.length === 0 ? undefined : expected.length === 1 ? expected[0] : expected.length;
    assert.equal(queryText(opened, name), found, `${JSON.stringify(name)} in ${JSON.stringify(query)}`);
  }
}

/** Checks every query of up to so many of the parts. */
function checkAll(parts: readonly string[], most: number): number {
  let count = 0;
  const extend = (query: string, left: number) => {
    check(query);
    count++;
    if (left > 0) for (const part of parts) extend(query + part, left - 1);
  };
  extend("", most);
  return count;
}

test("any query of a few parts reads as URLSearchParams reads it", () => {
  assert.equal(checkAll(["a", "b", "=", "&", "?", "name=", "+", "%20", "%", "a=a"], 4), 11_111);
});

test("so does any of escapes, good and bad ones", () => {
  const parts = [
    "a=",
    "&",
    "%61",
    "%26",
    "%3D",
    "%25",
    "%C3",
    "%A4",
    "%EF%BB%BF",
    "%ED%A0%80",
    "%f0%9f%98%80",
    "%2",
    "%zz",
    "\u00e4",
  ];
  assert.equal(checkAll(parts, 3), 1 + 14 + 14 ** 2 + 14 ** 3);
});

test("nasty ones too", () => {
  for (const query of [
    "a=1&a=2&a=3",
    "&&a&&=x&",
    "a==b=&a",
    "aaaaaaaa=a&aa",
    "name=name&name",
    "a=%E4&a=%C3%A4&a=\u00e4",
    "a=\ud800&b=\udc00\ud800",
    "a=\u{1f600}",
    "?a=1&?a=2",
    "??a=1",
    "a[]=1&a[]=2",
    "a.b=1&a%2Eb=2",
    "__proto__=1&constructor=2&toString=3",
    "%61=1&a=2",
    "a=1#b=2;c=3",
    "\u0000a=1",
    `${"a=1&".repeat(2000)}b=2`,
  ]) {
    check(query);
  }
});

test("a plain query is not taken apart, any other is", () => {
  assert.equal(openQuery("a=1&b=x-y_z.~"), "a=1&b=x-y_z.~");
  assert.deepEqual(openQuery("a=1+2"), parseQuery("a=1+2"));
  for (const length of [1020, 1021]) {
    const query = `aa=${"a".repeat(length)}&a`;
    assert.equal(typeof openQuery(query), query.length > 1024 ? "object" : "string");
    check(query);
  }
  assert.deepEqual(
    [...parseQuery("a=1&b=%20&a=2")],
    [
      ["a", ["1", "2"]],
      ["b", [" "]],
    ],
  );
});
