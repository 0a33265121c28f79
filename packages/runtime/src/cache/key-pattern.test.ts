import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyMapper } from "./key-pattern.ts";

test("fields stand in their places; a key that is no object stands for each of them", () => {
  assert.equal(createKeyMapper("a/:id/b/:n")({ id: "x", n: 7 }), "a/x/b/7");
  assert.equal(createKeyMapper("a/:id")("ü :*"), "a/ü :*");
  assert.equal(createKeyMapper("a/:id")(0), "a/0");
  assert.equal(createKeyMapper("plain")({ id: "x" }), "plain");
  assert.equal(createKeyMapper(":id")("a/b\\c"), "a\\/b\\\\c");
});

test("different keys are never the same text", () => {
  const map = createKeyMapper("p/:x/:y");
  const parts = ["", "a", "/", "\\", "a/", "/a", "a\\", "\\a", "\\/", "/\\", "a/b", "a\\/b", "a/b\\", "b/c", "c", ":x"];
  const keys = parts.flatMap((x) => parts.map((y) => map({ x, y })));
  assert.equal(new Set(keys).size, keys.length);
});

test("what cannot be a key is refused", () => {
  assert.throws(() => createKeyMapper(""), /not empty/);
  assert.throws(() => createKeyMapper("a/:"), /without the name of a field/);
  assert.throws(() => createKeyMapper("a/:id")({ name: "x" }), /the key has no "id"/);
  assert.throws(() => createKeyMapper("a/:id")(null), /the key has no "id"/);
  assert.throws(() => createKeyMapper(":id")("__tenon/x"), /reserved/);
});
