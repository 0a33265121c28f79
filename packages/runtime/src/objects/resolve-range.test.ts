// Every range of small objects, beside what Array.slice gives.
import assert from "node:assert/strict";
import { it } from "node:test";
import { RangeNotSatisfiable } from "./errors.ts";
import type { ObjectRange } from "./object-store.ts";
import { resolveRange } from "./resolve-range.ts";

it("names the bytes that the range means, or none", () => {
  for (let size = 0; size <= 6; size++) {
    const bytes = Array.from({ length: size }, (_, i) => i);
    const check = (range: ObjectRange, expected: readonly number[]) => {
      const resolve = () => resolveRange(range, size, "b", "o");
      if (expected.length === 0) return assert.throws(resolve, RangeNotSatisfiable);
      const span = resolve()!;
      assert.deepEqual(bytes.slice(span.start, span.end + 1), expected);
    };
    for (let offset = 0; offset <= 8; offset++) {
      check({ offset }, bytes.slice(offset));
      for (let length = 1; length <= 8; length++) check({ offset, length }, bytes.slice(offset, offset + length));
    }
    for (let suffixLength = 1; suffixLength <= 8; suffixLength++) check({ suffixLength }, bytes.slice(-suffixLength));
  }
  assert.equal(resolveRange(undefined, 5, "b", "o"), undefined);
});
