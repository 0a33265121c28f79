import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge } from "./age.ts";

test("ages have at most two units", () => {
  const ages = [0, 999, 1_000, 59_999, 60_000, 245_000, 3_600_000, 12_000_000, 86_400_000, 187_200_000];
  assert.deepEqual(ages.map(formatAge), [
    "below 1 s",
    "below 1 s",
    "1 s",
    "59 s",
    "1 min",
    "4 min 5 s",
    "1 h",
    "3 h 20 min",
    "1 d",
    "2 d 4 h",
  ]);
});
