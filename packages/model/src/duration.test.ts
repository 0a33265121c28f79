import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDurationMs } from "./duration.ts";

test("durations add up; what is none is refused", () => {
  assert.equal(parseDurationMs("1h30m"), 5_400_000);
  assert.equal(parseDurationMs("1.5s"), 1500);
  assert.equal(parseDurationMs("250ms"), 250);
  assert.equal(parseDurationMs("7d"), 604_800_000);
  for (const text of ["", "5", "h", "1h 30m", "-1s", "1x", "1h30"]) assert.equal(parseDurationMs(text), null, text);
});
