import assert from "node:assert/strict";
import { test } from "node:test";
import { axisTicks, tickLabel } from "./time-axis.ts";

test("ticks are at round steps", () => {
  assert.deepEqual(axisTicks(19.3, 6), [0, 5, 10, 15]);
  assert.deepEqual(axisTicks(1000, 6), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(axisTicks(0, 6), [0]);
});

test("labels have no padding", () => {
  assert.deepEqual(axisTicks(0.9, 6).map(tickLabel), ["0", "200 µs", "400 µs", "600 µs", "800 µs"]);
  assert.equal(tickLabel(2.5), "2.5 ms");
  assert.equal(tickLabel(1500), "1.5 s");
});

test("for any duration: at least two ticks, at most as many as asked for, none beyond the end", () => {
  for (let exponent = -3; exponent <= 7; exponent += 0.037) {
    const durationMs = 10 ** exponent;
    const ticks = axisTicks(durationMs, 6);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, `${durationMs}: ${ticks}`);
    assert.ok((ticks.at(-1) ?? 0) <= durationMs * 1.000001, `${durationMs}: ${ticks}`);
  }
});
