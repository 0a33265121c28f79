// Paths come encoded, decoded, and with prefixes of the platform in front.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodedPath, withoutPrefix } from "./path-text.ts";

test("an encoded path stays, a decoded one is encoded again", () => {
  assert.equal(encodedPath("/a%20b/%C3%BC"), "/a%20b/%C3%BC");
  assert.equal(encodedPath("/a b/ü"), "/a%20b/%C3%BC");
  assert.equal(encodedPath("/100%"), "/100%25");
  assert.equal(encodedPath("/a:b@c;d=e,f"), "/a:b@c;d=e,f");
  assert.equal(encodedPath(""), "/");
});

test("a prefix is a whole number of segments", () => {
  assert.equal(withoutPrefix("/prod/orders", "/prod"), "/orders");
  assert.equal(withoutPrefix("/prod", "/prod"), "/");
  assert.equal(withoutPrefix("/products", "/prod"), "/products");
  assert.equal(withoutPrefix("/orders", ""), "/orders");
});
