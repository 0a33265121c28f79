// Values for buckets: as many in each, with the same sum.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { likelyValues } from "./likely-values.ts";

const bounds = [1, 10, 100];

function histogramOf(values: readonly number[]) {
  const counts = [0, 0, 0, 0];
  for (const value of values) {
    const index = bounds.findIndex((bound) => value <= bound);
    counts[index === -1 ? bounds.length : index]!++;
  }
  return { bounds, counts, sum: values.reduce((sum, value) => sum + value, 0) };
}

describe("values that a histogram may have been made of", () => {
  for (const [name, values] of [
    ["of the middle", [0.5, 5, 6, 50]],
    ["at the bounds", [1, 10, 100]],
    ["just above the bounds", [1.01, 10.01]],
    ["above the last bound", [5, 500, 5_000]],
    ["barely above the last bound, the others low", [11, 11, 11, 100.1]],
    ["all of one bucket", [3, 3, 3]],
    ["of nothing", [0, 0]],
  ] as const) {
    it(name, () => {
      const histogram = histogramOf(values);
      const likely = likelyValues(histogram);
      const sum = likely.reduce((total, { value, count }) => total + value * count, 0);
      assert.ok(Math.abs(sum - histogram.sum) < 1e-9, `${sum} for ${histogram.sum}`);
      const filled = histogram.counts.flatMap((count, i) => (count === 0 ? [] : [{ count, i }]));
      assert.deepEqual(
        likely.map(({ count }) => count),
        filled.map(({ count }) => count),
      );
      for (const [at, { i }] of filled.entries()) {
        const value = likely[at]!.value;
        const [low, high] = [bounds[i - 1] ?? 0, bounds[i] ?? Number.POSITIVE_INFINITY];
        assert.ok(value >= low && value <= high, `${value} is not from ${low} to ${high}`);
      }
    });
  }

  it("none where there are none", () => {
    assert.deepEqual(likelyValues({ bounds, counts: [0, 0, 0, 0], sum: 0 }), []);
  });
});
