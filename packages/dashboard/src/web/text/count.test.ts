import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, formatCount } from "./count.ts";

test("numbers of things", () => {
  assert.deepEqual([formatCount(0), formatCount(1_234_567)], ["0", "1,234,567"]);
  assert.deepEqual([formatCount(9_999, 10_000), formatCount(10_000, 10_000)], ["9,999", "10,000+"]);
  assert.deepEqual(
    [countOf(1, "letter"), countOf(0, "letter"), countOf(2_000, "letter")],
    ["1 letter", "0 letters", "2,000 letters"],
  );
});
