import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration } from "./duration.ts";

test("a duration has three digits and a fitting unit", () => {
  const expected: readonly (readonly [number, string])[] = [
    [0, "0 ms"],
    [-1, "0 ms"],
    [Number.NaN, "0 ms"],
    [0.0001, "1 µs"],
    [0.42, "420 µs"],
    [0.9994, "999 µs"],
    [0.9996, "1.00 ms"],
    [4.214, "4.21 ms"],
    [9.996, "10.0 ms"],
    [42.14, "42.1 ms"],
    [99.96, "100 ms"],
    [421.4, "421 ms"],
    [999.6, "1.00 s"],
    [4210, "4.21 s"],
    [59_960, "1 min"],
    [72_000, "1 min 12 s"],
    [119_600, "2 min"],
  ];
  for (const [durationMs, text] of expected) assert.equal(formatDuration(durationMs), text, String(durationMs));
});
