import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAgo } from "./moment.ts";

test("how long ago something was, also when clocks disagree", () => {
  const now = 1_800_000_000_000;
  const second = 1000;
  const hour = 3600 * second;
  assert.equal(formatAgo(now + 5 * second, now), "now");
  assert.equal(formatAgo(now - 1.9 * second, now), "now");
  assert.equal(formatAgo(now - 2 * second, now), "2 s ago");
  assert.equal(formatAgo(now - 59.9 * second, now), "59 s ago");
  assert.equal(formatAgo(now - 60 * second, now), "1 min ago");
  assert.equal(formatAgo(now - hour, now), "1 h ago");
  assert.equal(formatAgo(now - 47 * hour, now), "47 h ago");
  assert.equal(formatAgo(now - 72 * hour, now), "3 d ago");
});
