// Reasons of failures, whatever handlers throw.
import assert from "node:assert/strict";
import { it } from "node:test";
import { storableReason } from "./storable-text.ts";

it("a reason has no NUL and no half of a pair, not even where it is cut", () => {
  assert.equal(storableReason("a\0b \ud83d c 🎉"), "a\uFFFDb \uFFFD c 🎉");
  const cut = storableReason(`${"a".repeat(3_999)}🎉`);
  assert.equal(cut.length, 4_000);
  assert.equal(cut.at(-1), "\uFFFD");
});
